import { expect, test } from "vitest";
import type { Caller } from "../../../src/strait/wire/caller.ts";
import { load, server } from "../../fixtures/support.ts";

/** A server with a wait of each environment, and one of none, which runs of the API begin. */
function withWaits(): { target: ReturnType<typeof server>; key: (fields: Partial<Caller>) => Caller } {
  const target = server();
  const waits = ["{ event_key: a.none }", "{ event_key: a.staging, environment_id: staging }"];
  const old = "{ event_key: old, status: received, environment_id: staging, requested_at: -3d }";
  load(
    target,
    `executor_jobs: [{ slug: a, definition: { execution_mode: worker } }]
executor_runs: [${[...waits, old].map((wait) => `{ job: a, event_triggers: [${wait}] }`).join(", ")}]`,
  );
  const owner = { projectId: "default", environmentId: undefined, actor: "key", scopes: undefined, internal: false };
  return { target, key: (fields) => ({ ...owner, ...fields }) };
}

const ALL = { status: undefined, source_type: undefined, workflow_run_id: undefined, limit: 10, cursor: undefined };

test("a key of an environment sees its waits alone", async () => {
  const { target, key } = withWaits();
  const { eventTriggers } = target.runs;
  const [staging, other] = [key({ environmentId: "staging" }), key({ environmentId: "other" })];
  for (const act of [
    () => eventTriggers.get(staging, "a.none"),
    () => eventTriggers.send(staging, "a.none", undefined),
    () => eventTriggers.cancel(staging, "a.none"),
    () => eventTriggers.get(other, "a.staging"),
  ]) {
    expect(act).toThrow("event trigger not found");
  }
  expect(eventTriggers.get(staging, "a.staging").status).toBe("waiting");
  expect(eventTriggers.list(staging, ALL).data.map(({ event_key }) => event_key)).toEqual(["a.staging", "old"]);
  expect(eventTriggers.list(other, ALL).data).toEqual([]);
  const counts = [key({}), staging, other].map((caller) => eventTriggers.stats(caller).total_count);
  expect(counts).toEqual([3, 2, 0]);
  expect(await eventTriggers.purge(other, { older_than_days: 1, dry_run: false })).toEqual({ deleted: 0 });
  expect(await eventTriggers.purge(staging, { older_than_days: 1, dry_run: false })).toEqual({ deleted: 1 });
  expect(eventTriggers.sendByPrefix(staging, "a.", undefined).map(({ event_key }) => event_key)).toEqual(["a.staging"]);
  expect(eventTriggers.get(key({}), "a.none").status).toBe("waiting");
});

test("a key that may only trigger workflows sends nothing to runs with a beginning of their keys", () => {
  const { target, key } = withWaits();
  const { eventTriggers } = target.runs;
  const caller = key({ scopes: new Set(["workflows:trigger"]) });
  expect(eventTriggers.sendByPrefix(caller, "a.", undefined)).toEqual([]);
  expect(() => eventTriggers.send(caller, "a.none", undefined)).toThrow("requires jobs:trigger");
  expect(eventTriggers.get(caller, "a.none").status).toBe("waiting");
});
