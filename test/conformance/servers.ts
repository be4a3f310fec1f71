import { afterAll, beforeAll, describe, type TestContext, test } from "vitest";
import { createCaller } from "../support/call.ts";
import { startTestServer } from "../support/server.ts";
import type { ConformanceCase } from "./case.ts";
import { type StartedServer, startServer, variablesOf } from "./started-server.ts";
import { ExecutorStandIn } from "./strait/executor-stand-in.ts";
import type { Target } from "./target.ts";
import { realWait, realWaitOf, reallyWait } from "./waiting.ts";
import type { World } from "./world.ts";

/** Cases by what they are about. */
export type CaseTable = Readonly<Record<string, readonly ConformanceCase[]>>;

/** Plays a case in a world. */
export type Play = (case_: ConformanceCase, world: World) => Promise<void>;

/** A case may take this long on a slow server, besides what it waits for, in milliseconds. */
const FOREIGN_TIMEOUT_MS = 70_000;
/** A real server starts within this time, in milliseconds. */
const START_TIMEOUT_MS = 180_000;
/** Time in which a request that is sent arrives at a server that cannot be looked into, in milliseconds. */
const ARRIVAL_MS = 300;

/** Registers the cases as tests on the target, else each on a server of its own. */
export function testOnAnyServer(table: CaseTable, play: Play, target: Target | undefined): void {
  if (target === undefined) testOnOwnServers(table, play);
  else testOnTarget(table, play, target);
}

/** Registers each case as a test on a server of its own: time stands still, and it must be left in order. */
function testOnOwnServers(table: CaseTable, play: Play): void {
  for (const [subject, cases] of Object.entries(table)) {
    describe(subject, () => {
      test.for(cases)("$name", async (case_) => {
        const { call, clock, untilPollsHeld } = await startTestServer(case_.settings);
        const advance = (durationMs: number): Promise<boolean> => clock.advance(durationMs);
        await play(case_, { call, things: new Map(), advance, untilPollsHeld });
      });
    });
  }
}

/** Registers the cases that need no server of their own as tests on one that they share. */
export function testOnSharedServer(
  table: CaseTable,
  play: Play,
  server: { baseUrl(): string; untilPollsHeld: World["untilPollsHeld"] },
): void {
  for (const [subject, cases] of Object.entries(table)) {
    describe(subject, () => {
      for (const case_ of cases) {
        test.skipIf(!canShare(case_) || waits(case_))(case_.name, () =>
          play(case_, {
            call: createCaller(server.baseUrl()),
            things: new Map(),
            untilPollsHeld: server.untilPollsHeld,
          }),
        );
      }
    });
  }
}

/** Registers the cases that a server that is not ours can play; those that want other settings each on such a server. */
function testOnTarget(table: CaseTable, play: Play, target: Target): void {
  const all = Object.entries(table).flatMap(([subject, cases]) => cases.map((case_) => ({ subject, case_ })));
  for (const group of Map.groupBy(all, ({ case_ }) => JSON.stringify(case_.settings ?? {})).values()) {
    const variables = variablesOf(group[0]?.case_.settings);
    const wantsDefaults = variables !== undefined && Object.keys(variables).length === 0;
    const isGiven = wantsDefaults && target.url !== undefined;
    const canStart = variables !== undefined && target.startCommand !== undefined;
    describe.skipIf(!isGiven && !canStart)(`a server with ${JSON.stringify(variables ?? "settings of ours")}`, () => {
      let started: StartedServer | undefined;
      let executor: ExecutorStandIn | undefined;
      beforeAll(async () => {
        if (target.api === "runs") executor = await ExecutorStandIn.start();
        if (!isGiven) started = await startServer(target.startCommand!, variables!);
      }, START_TIMEOUT_MS);
      afterAll(async () => {
        await executor?.stop();
        await started?.stop();
      });
      for (const { subject, case_ } of group) {
        const waitMs = realWaitOf(case_);
        test.skipIf(!canShareWithForeigners(case_) || waitMs > target.patienceMs)(
          `${subject}: ${case_.name}`,
          // Cases that wait do it at the same time.
          { timeout: FOREIGN_TIMEOUT_MS + waitMs, concurrent: waits(case_) },
          (context: TestContext) =>
            play(case_, {
              call: createCaller(started?.url ?? target.url!, target.headers),
              things: new Map(),
              advance: (durationMs) => reallyWait(realWait(durationMs)),
              untilPollsHeld: () => reallyWait(ARRIVAL_MS),
              skip: (reason) => context.skip(reason),
              ...(executor === undefined ? {} : { executor }),
            }),
        );
      }
    });
  }
}

/** Whether a case can be played on a server that others use, too. */
function canShare({ settings, ours, alone }: ConformanceCase): boolean {
  return settings === undefined && ours === undefined && alone !== true;
}

function canShareWithForeigners({ ours, alone }: ConformanceCase): boolean {
  return ours === undefined && alone !== true;
}

function waits({ steps }: ConformanceCase): boolean {
  return steps.some((step) => "advance" in step);
}
