import { beforeAll, describe, expect, test } from "vitest";
import { VirtualClock } from "../../../src/index.ts";
import { createOpikLocal } from "../../../src/server.ts";
import { createCaller } from "../../support/call.ts";
import { settled } from "../../support/leaks.ts";
import { startTestServer } from "../../support/server.ts";
import type { ConformanceCase } from "../case.ts";
import { CASES } from "../opik/cases.ts";
import { runCase } from "../run.ts";
import { CONTROL_CASES, EXECUTOR_CASES } from "../strait/cases.ts";
import { nameRunsThings } from "../strait/given.ts";
import { type Answered, nameCommonThings, type World } from "../world.ts";
import { areAlike, type Document, type Field, Operations } from "./document.ts";
import { EFFECTS_ELSEWHERE, FIELDS_ELSEWHERE, OPERATIONS_ELSEWHERE } from "./elsewhere.ts";
import { losing, type Recorded } from "./lost-effects.ts";
import { passes, survivingAnswers } from "./survivors.ts";
import { rewritten, wrongField } from "./wrong-answers.ts";

/*
 * Every conformance case is played against servers that are wrong in one way each, and has to fail: a case that
 * cannot fail says nothing. An answer with another status, without a body, with other values or without a header
 * that the case names must be noticed by its own case; a field that is missing or has another value, and a
 * request that is answered but not carried out, by one case at least. What is asked of all cases together can
 * only be known when all were played.
 */

const TABLES = [
  { cases: CASES, nameThings: nameCommonThings },
  { cases: CONTROL_CASES, nameThings: nameRunsThings },
  { cases: EXECUTOR_CASES, nameThings: nameRunsThings },
] as const;

let operations: Operations;
/** What some case has noticed. */
const succeeded = new Set<string>();
const noticedFields: Field[] = [];
const noticedEffects = new Set<string>();
/** What the document does not know. */
const undocumented = new Set<string>();

beforeAll(async () => {
  await using server = createOpikLocal({ config: { database: ":memory:" } });
  operations = new Operations((await (await server.request("/openapi.json")).json()) as Document);
});

for (const { cases, nameThings } of TABLES) {
  for (const [subject, ofSubject] of Object.entries(cases)) {
    describe(`wrong answers are noticed: ${subject}`, () => {
      test.for(ofSubject)("$name", async (case_) => {
        const play = async (world: World): Promise<void> => runCase(case_, world, nameThings);
        const answers = await record(case_, play);
        for (const { answered, things } of answers) {
          const survivors = survivingAnswers(answered, things);
          expect(survivors, `what ${answered.request} may answer as well`).toEqual([]);
          noticeFields(answered, things);
        }
        await noticeEffects(case_, play, answers);
      });
    });
  }
}

describe("of all cases", () => {
  test("some have every operation succeed", () => {
    const expected = operations.names.filter((name) => !OPERATIONS_ELSEWHERE.has(name));
    expect(expected.filter((name) => !succeeded.has(name))).toEqual([]);
  });

  test("none is answered with a field that the OpenAPI document does not know", () => {
    expect([...undocumented]).toEqual([]);
  });

  test("some notice that a field is missing or wrong", () => {
    const unnoticed = operations
      .fields()
      .filter((field) => !isNoticed(field) && !isElsewhere(field))
      .map(({ name, resource }) => `${name} of {${resource.join(", ")}}`);
    expect([...new Set(unnoticed)]).toEqual([]);
  });

  test("some notice that a request was not carried out", () => {
    const writes = [...succeeded].filter((name) => !name.startsWith("GET ") && !EFFECTS_ELSEWHERE.has(name));
    expect(writes.filter((name) => !noticedEffects.has(name))).toEqual([]);
  });
});

/** An answer, and the things that had names when it came. */
interface Answer {
  answered: Answered;
  things: Map<string, string>;
}

type Play = (world: World) => Promise<void>;

/** Plays a case as it is. */
async function record(case_: ConformanceCase, play: Play): Promise<Answer[]> {
  const { call, clock, untilPollsHeld } = await startTestServer(case_.settings);
  const things = new Map<string, string>();
  const answers: Answer[] = [];
  await play({
    call,
    things,
    advance: (durationMs) => clock.advance(durationMs),
    untilPollsHeld,
    onAnswer: (answered) => answers.push({ answered, things: new Map(things) }),
  });
  return answers;
}

function isNoticed({ name, resource }: Field): boolean {
  return noticedFields.some((field) => field.name === name && areAlike(field.resource, resource));
}

function isElsewhere({ name, resource }: Field): boolean {
  return FIELDS_ELSEWHERE.some(({ fields, beside }) => fields.includes(name) && resource.includes(beside));
}

function noticeFields(answered: Answered, things: Answer["things"]): void {
  const { request, reply } = answered;
  if (reply.status >= 400) return;
  const operation = operations.nameOf(request);
  if (operation !== undefined) succeeded.add(operation);
  for (const name of operations.surplusIn(request, reply.status, reply.json)) undocumented.add(`${operation}: ${name}`);
  const isComparedToTheByte = answered.expectation.text !== undefined;
  if (!isComparedToTheByte && !passes(answered, rewritten(reply), things)) return;
  for (const field of operations.fieldsIn(request, reply.status, reply.json)) {
    if (isNoticed(field)) continue;
    if (!wrongField(reply, field.path).some((wrong) => passes(answered, wrong.reply, things)))
      noticedFields.push(field);
  }
}

/** Plays the case again for each request whose effect no check has missed yet, without that request. */
async function noticeEffects(case_: ConformanceCase, play: Play, answers: readonly Answer[]): Promise<void> {
  // A case that starts polls waits on purpose.
  if (case_.steps.some((step) => "start" in step)) return;
  for (const [position, { answered, things }] of answers.entries()) {
    const { request, reply } = answered;
    const operation = operations.nameOf(request);
    if (operation === undefined || request.startsWith("GET ") || reply.status >= 300) continue;
    if (noticedEffects.has(operation) || EFFECTS_ELSEWHERE.has(operation)) continue;
    if (await failsWithout(case_, play, position, { reply, things })) noticedEffects.add(operation);
  }
}

async function failsWithout(case_: ConformanceCase, play: Play, position: number, lost: Recorded): Promise<boolean> {
  const clock = new VirtualClock();
  await using server = createOpikLocal({ config: { database: ":memory:", port: 0, ...case_.settings }, clock });
  const things = new Map<string, string>();
  const call = losing(createCaller(await server.listen()), position, lost, things);
  let answers = 0;
  let isOver = false;
  const played = play({
    call,
    things,
    advance: (durationMs) => clock.advance(durationMs),
    untilPollsHeld: () => Promise.resolve(),
    onAnswer: () => (answers += 1),
  }).finally(() => (isOver = true));
  // A poll for what was lost would be open for ever.
  const waits = settled(() => isOver || server.openPolls.count > 0).then(() => {
    if (!isOver) throw new Error("The case waits for what was lost");
  });
  try {
    await Promise.race([played, waits.then(() => played)]);
    return false;
  } catch {
    // Its own answer was as expected: what was missed is what it should have done.
    return answers > position;
  }
}
