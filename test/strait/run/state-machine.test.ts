import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canMove,
  isTerminal,
  RUN_STATUSES,
  type RunStatus,
  TRANSITIONS,
} from "../../../src/strait/run/state-machine.ts";
import { StraitError } from "../../../src/strait/wire/errors.ts";
import { createStraitWorld } from "../world.ts";

/** The transitions [strait 3.4], written down again: a row per status, a letter per status it may go to. */
const TABLE = `
delayed:       queued canceled expired
queued:        dequeued executing canceled expired
dequeued:      executing queued canceled system_failed
executing:     completed failed timed_out crashed canceled waiting queued system_failed dead_letter paused
waiting:       executing queued completed failed canceled timed_out
paused:        queued canceled
replay_staged: queued canceled
dead_letter:   queued replay_staged
completed:
failed:
timed_out:
crashed:
system_failed:
canceled:
expired:
`;
const EXPECTED = new Map(
  TABLE.trim()
    .split("\n")
    .map((line) => line.split(":") as [RunStatus, string])
    .map(([from, to]) => [from, to.trim().split(/\s+/)]),
);

describe("the table of transitions", () => {
  const pairs = RUN_STATUSES.flatMap((from) => RUN_STATUSES.map((to) => [from, to] as const));

  test.for(pairs)("%s -> %s", ([from, to]) => {
    expect(canMove(from, to)).toBe(from === to || EXPECTED.get(from)?.includes(to) === true);
  });

  test("an ended run moves no more, but for one in the dead letter queue", () => {
    const movable = RUN_STATUSES.filter((status) => isTerminal(status) && TRANSITIONS[status].length > 0);
    expect(movable).toEqual(["dead_letter"]);
  });
});

describe("a run", () => {
  test("any sequence of moves keeps to the table, and the times fit the status", async () => {
    // No run counts as lost in the meantime.
    await using world = createStraitWorld({ runStaleThresholdMs: 86_400_000 });
    const { runs } = world.server.runs;
    const { events } = world.server;
    const seen: string[] = [];
    events.on("run:status:changed", ({ run, from }) => seen.push(`${from} ${run.status}`));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...RUN_STATUSES), { maxLength: 12 }), async (moves) => {
        seen.length = 0;
        // No worker polls for it, so nothing else moves it.
        const given = { job_id: "job", project_id: "default", triggered_by: "manual" };
        let run = runs.create({ ...given, execution_mode: "worker" });
        const expected: string[] = [];
        for (const to of moves) {
          await world.clock.advance(1_000);
          const from = run.status;
          if (canMove(from, to)) {
            run = runs.transition(run, to);
            if (from !== to) expected.push(`${from} ${to}`);
          } else {
            expect(() => runs.transition(run, to)).toThrow(StraitError);
          }
          expect(runs.find(run.id)).toEqual(run);
          expect(run.finished_at !== null).toBe(isTerminal(run.status));
          if (run.status === "executing") expect(run.started_at).not.toBeNull();
        }
        expect(seen).toEqual(expected);
      }),
      { numRuns: 60, examples: [[["executing", "dead_letter", "replay_staged"]]] },
    );
  });
});

describe("the active guard", () => {
  const outcomes: Record<RunStatus, number> = {
    delayed: 409,
    queued: 409,
    dequeued: 409,
    executing: 200,
    waiting: 200,
    paused: 409,
    replay_staged: 409,
    completed: 410,
    failed: 410,
    timed_out: 410,
    crashed: 410,
    system_failed: 410,
    canceled: 410,
    expired: 410,
    dead_letter: 410,
  };

  test.for(Object.entries(outcomes))("a run that is %s: %i", async ([status, expected]) => {
    await using world = createStraitWorld();
    const { runs } = world.server.runs;
    const given = { job_id: "job", project_id: "default", triggered_by: "manual", status: status as RunStatus };
    const { id } = runs.create(given);
    const whileActive = (runId: string, attempt: number) => runs.whileActive({ runId, attempt }, (run) => run);
    expect(statusOf(() => whileActive(id, 1))).toBe(expected);
    expect(statusOf(() => whileActive("unknown", 1))).toBe(404);
    if (expected !== 410) expect(statusOf(() => whileActive(id, 2))).toBe(401);
  });

  test("a worker's queued run starts with the first call of its executor", async () => {
    await using world = createStraitWorld();
    const { runs } = world.server.runs;
    const given = { job_id: "job", project_id: "default", triggered_by: "manual", execution_mode: "worker" as const };
    const { id } = runs.create(given);
    expect(runs.whileActive({ runId: id, attempt: 1 }, (run) => run)).toMatchObject({
      status: "executing",
      started_at: world.clock.now(),
    });
  });
});

function statusOf(call: () => unknown): number {
  try {
    call();
    return 200;
  } catch (error) {
    return (error as StraitError).status;
  }
}
