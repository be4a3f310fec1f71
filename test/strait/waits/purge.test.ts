import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

const DAY = 86_400_000;

test("very many waits that are over are purged in slices, all of them counted", async () => {
  const { call, clock, server } = await startTestServer();
  const text = `executor_projects: [{ id: shop }]
executor_jobs: [{ slug: a, project: shop, definition: { execution_mode: worker } }]
executor_runs:
  - { job: a, status: completed, event_triggers: [{ event_key: old, status: received }] }
  - { job: a, event_triggers: [{ event_key: waits, timeout_secs: 2000000 }] }`;
  server.fixtures.load([{ name: "waits.yaml", text }]);
  const { database } = server;
  const columns = database
    .prepare<[], string>(
      "SELECT name FROM pragma_table_info('executor_event_triggers') WHERE name NOT IN ('id', 'event_key')",
    )
    .pluck()
    .all()
    .join(", ");
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
       INSERT INTO executor_event_triggers (id, event_key, ${columns})
       SELECT 'old-' || i, 'old-' || i, ${columns} FROM n, executor_event_triggers WHERE event_key = 'old'`,
    )
    .run();
  await clock.advance(2 * DAY);
  const options = { headers: { "x-project-id": "shop" } };
  const purge = (body: object): ReturnType<typeof call> => call("POST", "/v1/events/purge", { ...options, body });
  expect((await purge({ older_than_days: 1, dry_run: true })).json).toEqual({ dry_run: true, would_delete: 1_201 });
  const purged = purge({ older_than_days: 1 });
  expect((await purged).json).toEqual({ deleted: 1_201 });
  const left = database.prepare("SELECT event_key FROM executor_event_triggers").pluck().all();
  expect(left).toEqual(["waits"]);
});
