import { randomUUID } from "node:crypto";
import type { Caller, Reply } from "../support/call.ts";
import { createProject } from "../support/pairing.ts";
import type { Expectation } from "./case.ts";
import type { ExecutorStandIn } from "./strait/executor-stand-in.ts";

/** What a case runs in: a server, and the things that have a name. */
export interface World {
  call: Caller;
  /** Things by name, as `<name>` in the table stands for them. */
  things: Map<string, string>;
  /** Moves the server's time, or really waits. */
  advance?: (durationMs: number) => Promise<unknown>;
  /** Resolves when the server holds `count` long-polls; on a server that is not ours after a moment. */
  untilPollsHeld(count: number): Promise<void>;
  /** Takes the pushes of a server that is not ours. */
  executor?: ExecutorStandIn;
  /** Ends the case as skipped; absent where every case can be played. */
  skip?: (reason: string) => void;
  /** Whether answers are only collected, not compared with what is expected. */
  unchecked?: true;
  /** Called with each answer that was as expected, before its parts get names. */
  onAnswer?: (answer: Answered) => void;
}

/** A request with its answer, and what was expected of it. */
export interface Answered {
  /** Method and path, with the things in the place of their names. */
  request: string;
  expectation: Expectation;
  reply: Reply;
}

/** The things every case has: its own project, so that cases never meet, and an id of nothing. */
export async function nameCommonThings({ call, things }: Pick<World, "call" | "things">): Promise<void> {
  things.set("runners", "/v1/private/local-runners");
  things.set("unknown", randomUUID());
  const projectName = `conformance-${randomUUID()}`;
  things.set("projectname", projectName);
  things.set("project", await createProject(call, projectName));
}

/**
 * Puts the things of the world in the place of their names, also deep inside objects and lists, and in names of
 * fields.
 * @throws Error for a name that nothing has, because then the case is wrong
 */
export function fill<Value>(value: Value, world: Pick<World, "things">): Value {
  return fillAny(value, world) as Value;
}

function fillAny(value: unknown, world: Pick<World, "things">): unknown {
  if (typeof value === "string") return fillText(value, world);
  if (Array.isArray(value)) return value.map((item) => fillAny(item, world));
  // Matchers, patterns and bytes have a class of their own and are left as they are.
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [fillText(key, world), fillAny(field, world)]));
}

function fillText(text: string, { things }: Pick<World, "things">): string {
  return text.replaceAll(/<([a-z]+\d?)>/g, (_, name: string) => {
    const thing = things.get(name);
    if (thing === undefined) throw new Error(`The case speaks of <${name}>, but nothing has that name`);
    return thing;
  });
}
