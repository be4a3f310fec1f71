import { type Caller, createCaller, type Reply } from "../../support/call.ts";
import type { ConformanceCase } from "../case.ts";
import type { Play } from "../servers.ts";
import type { World } from "../world.ts";
import { NormalForm } from "./normal-form.ts";

/** One of the two servers that are compared. */
export interface Side {
  baseUrl: string;
  /** Headers of each request. */
  headers?: Readonly<Record<string, string>>;
  /** What the cases need besides a caller. */
  world: Omit<World, "call" | "things">;
}

/** One request that was answered differently. */
export interface Difference {
  request: string;
  left: string;
  right: string;
}

/**
 * Plays a case on both servers and compares all answers, those of its arrangements too, whatever the case expects.
 * @returns the first difference: those after it may follow from it
 */
export async function differenceOf(
  case_: ConformanceCase,
  play: Play,
  sides: readonly [Side, Side],
): Promise<Difference | undefined> {
  const [left, right] = await Promise.all(sides.map((side) => record(case_, play, side)));
  const length = Math.max(left!.length, right!.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [left![index] ?? NOTHING, right![index] ?? NOTHING];
    if (one.request !== other.request || one.answer !== other.answer) {
      return {
        request: one.request,
        left: one.answer,
        right: `${other.request === one.request ? "" : `${other.request}\n`}${other.answer}`,
      };
    }
  }
  return undefined;
}

interface Exchange {
  request: string;
  answer: string;
}

const NOTHING: Exchange = { request: "(no request)", answer: "(no answer)" };

async function record(case_: ConformanceCase, play: Play, { baseUrl, headers, world }: Side): Promise<Exchange[]> {
  const form = new NormalForm(baseUrl);
  const exchanges: Exchange[] = [];
  const call = recording(createCaller(baseUrl, headers), (request, reply) =>
    exchanges.push({ request: form.ofRequest(request), answer: form.of(reply) }),
  );
  try {
    await play(case_, { ...world, call, things: new Map(), unchecked: true });
  } catch (error) {
    // A server whose answers are of another kind gives the case nothing to go on with.
    exchanges.push({ request: "(the case cannot go on)", answer: form.ofRequest(String(error)) });
  }
  return exchanges;
}

/** In the order in which requests were sent, which is the same on both sides; answers of polls come when they like. */
function recording(caller: Caller, onReply: (request: string, reply: Reply) => void): Caller {
  const start: Caller["start"] = (method, path, options) => {
    const pending = caller.start(method, path, options);
    const reply = pending.reply.then((answered) => {
      onReply(`${method} ${path}`, answered);
      return answered;
    });
    return { ...pending, reply };
  };
  const call = (...parameters: Parameters<Caller>): Promise<Reply> => start(...parameters).reply;
  return Object.assign(call, { start, baseUrl: caller.baseUrl });
}
