import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpikLocal, type OpikLocalParts } from "../../../src/server.ts";
import { untilPollsHeld } from "../../support/leaks.ts";
import type { ConformanceCase } from "../case.ts";
import { CASES } from "../opik/cases.ts";
import { runCase } from "../run.ts";
import type { CaseTable, Play } from "../servers.ts";
import { CONTROL_CASES, EXECUTOR_CASES } from "../strait/cases.ts";
import { nameRunsThings } from "../strait/given.ts";
import { readHeaders } from "../target.ts";
import { reallyWait } from "../waiting.ts";
import { differenceOf, type Side } from "./play.ts";

/*
 * Plays each case on two servers and compares their whole answers: `npm run test:lockstep -- URL_A URL_B`. It finds
 * what no case thought of. Without URLs it compares two servers of ours, which must not differ in anything.
 */

const GIVEN = process.env["OPIK_LOCAL_LOCKSTEP_URLS"]?.split(" ");
const HEADERS = process.env["OPIK_LOCAL_LOCKSTEP_HEADERS"]?.split("\n") ?? [];
const API = process.env["OPIK_LOCAL_LOCKSTEP_API"];

const playRuns: Play = (case_, world) => runCase(case_, world, nameRunsThings);
const TABLES: ReadonlyArray<{ api: string; table: CaseTable; play: Play }> = [
  { api: "opik", table: CASES, play: runCase },
  { api: "runs", table: CONTROL_CASES, play: playRuns },
  { api: "runs", table: EXECUTOR_CASES, play: playRuns },
];

let sides: readonly [Side, Side];
const servers: OpikLocalParts[] = [];

/** A server of ours, in its own process's memory. */
async function sideOfOurs(idSeed: string): Promise<Side> {
  const server = createOpikLocal({ config: { database: ":memory:", port: 0, idSeed } });
  servers.push(server);
  return { baseUrl: await server.listen(), world: { untilPollsHeld: (count) => untilPollsHeld(server, count) } };
}

beforeAll(async () => {
  const given = GIVEN?.map((baseUrl, index): Side => ({
    baseUrl: baseUrl.replace(/\/$/, ""),
    headers: readHeaders(HEADERS[index]),
    world: { untilPollsHeld: () => reallyWait(300) },
  }));
  sides = (given as [Side, Side] | undefined) ?? [await sideOfOurs("left"), await sideOfOurs("right")];
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

/** Only on purpose, with other settings, alone on its server, or with another time can the case differ. */
function canBeCompared({ ours, settings, alone, steps }: ConformanceCase): boolean {
  const waits = steps.some((step) => "advance" in step);
  return ours === undefined && settings === undefined && alone !== true && !waits;
}

for (const { table, play } of TABLES.filter(({ api }) => API === undefined || API === api)) {
  for (const [subject, cases] of Object.entries(table)) {
    const comparable = cases.filter(canBeCompared);
    describe.skipIf(comparable.length === 0)(`both servers answer alike: ${subject}`, () => {
      test.for(comparable)("$name", { timeout: 140_000 }, async (case_) => {
        const difference = await differenceOf(case_, play, sides);
        expect(difference?.right, difference?.request).toBe(difference?.left);
      });
    });
  }
}

describe.skipIf(GIVEN !== undefined)("a difference", () => {
  test("is found, with the request that showed it", async () => {
    const case_ = CASES["creating jobs"]![0]!;
    const elsewhere = { ...sides[1], headers: { "comet-workspace": "elsewhere" } };
    expect(await differenceOf(case_, runCase, [sides[0], elsewhere])).toMatchObject({
      request: "POST /v1/private/projects",
      left: expect.stringContaining("status 201"),
      right: expect.stringContaining("status 404"),
    });
  });
});
