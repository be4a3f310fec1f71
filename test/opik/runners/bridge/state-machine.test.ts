import fc from "fast-check";
import { expect, test } from "vitest";
import type { CommandStatus } from "../../../../src/opik/runners/bridge/schema.ts";
import { type BridgeWorld, createBridgeWorld, OWNER, refusal, RUNNER } from "./world.ts";

const MAX_PENDING = 4;

/** The allowed changes of status [opik 3.4]; back to `pending` only when an answer was not read. */
const MAY_FOLLOW: Readonly<Record<CommandStatus | "new", readonly CommandStatus[]>> = {
  new: ["pending"],
  pending: ["picked_up", "completed", "failed", "timed_out"],
  picked_up: ["pending", "completed", "failed", "timed_out"],
  completed: [],
  failed: [],
  timed_out: [],
};

const LONGEST_LIFE_MS = (2 * 120 + 60) * 1000;

type Step =
  | { do: "submit"; timeout: number }
  | { do: "poll"; count: number }
  | { do: "lose the last batch" }
  | { do: "report"; command: number; status: "completed" | "failed" }
  | { do: "pass time"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("submit" as const), timeout: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ do: fc.constant("poll" as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("lose the last batch" as const) }),
  fc.record({
    do: fc.constant("report" as const),
    command: fc.nat(20),
    status: fc.constantFrom("completed" as const, "failed" as const),
  }),
  fc.record({ do: fc.constant("pass time" as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
);

/** What a runner and its submitters know of the commands: replayed from the events alone. */
class Model {
  readonly submitted: string[] = [];
  readonly #world: BridgeWorld;
  #seen = 0;
  #status = new Map<string, CommandStatus>();

  constructor(world: BridgeWorld) {
    this.#world = world;
  }

  /** Replays what has happened since the last look, each change checked against what may follow what. */
  look(): void {
    for (const { id, from, to } of this.#world.changes.slice(this.#seen)) {
      expect(from, "an event has the command's earlier status").toBe(this.#status.get(id));
      expect(MAY_FOLLOW[from ?? "new"]).toContain(to);
      this.#status.set(id, to);
    }
    this.#seen = this.#world.changes.length;
  }

  /** Ids of the pending commands, oldest first. */
  get pending(): string[] {
    return this.submitted.filter((id) => this.#status.get(id) === "pending");
  }

  status(id: string): CommandStatus | undefined {
    return this.#status.get(id);
  }
}

test("any sequence of calls and of time leaves each command in a state that may follow its last, and ends it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = createBridgeWorld({ bridgeMaxPendingPerRunner: MAX_PENDING });
      const model = new Model(world);
      let batch: string[] = [];
      for (const next of steps) {
        if (next.do === "lose the last batch") world.bridge.takeBack(batch);
        else batch = (await take(next, world, model)) ?? batch;
        model.look();
      }
      await world.clock.advance(LONGEST_LIFE_MS);
      model.look();
      for (const id of model.submitted) expect(MAY_FOLLOW[model.status(id) ?? "new"]).toEqual([]);
      expect(world.openPolls.count).toBe(0);
    }),
    { numRuns: 150 },
  );
});

/** Takes one step and checks its own outcome. Returns the batch that a poll got. */
async function take(step: Step, world: BridgeWorld, model: Model): Promise<string[] | undefined> {
  const before = model.pending;
  switch (step.do) {
    case "submit": {
      const outcome = refusal(() => model.submitted.push(world.submit({ timeout: step.timeout })));
      expect(outcome).toBe(before.length < MAX_PENDING ? "not refused" : "429 Too many pending commands");
      return undefined;
    }
    case "poll": {
      if (before.length === 0) return undefined;
      const batch = await world.poll(step.count);
      expect(batch, "the oldest pending ones").toEqual(before.slice(0, step.count));
      return batch;
    }
    case "report": {
      const id = model.submitted[step.command];
      if (id === undefined) return undefined;
      const status = model.status(id);
      const known = refusal(() => world.bridge.get(OWNER, RUNNER, id)) === "not refused";
      const outcome = refusal(() => world.report(id, { status: step.status }));
      if (status === "pending" || status === "picked_up") expect(outcome).toBe("not refused");
      else expect(outcome).toMatch(known ? /^409 / : /^404 /);
      return undefined;
    }
    case "pass time":
      await world.clock.advance(step.ms);
      return undefined;
    default:
      return undefined;
  }
}
