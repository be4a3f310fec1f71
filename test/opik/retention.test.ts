import { expect, test } from "vitest";
import { startTestServer } from "../support/server.ts";
import { RUNNERS, startReaperWorld } from "./reaper-world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("very many jobs past their retention are deleted in slices, with pauses between them", async () => {
  const { call, clock, server, submitJob, runner } = await startReaperWorld({ config: { completedJobTtlMs: HOUR } });
  const kept = await submitJob();
  const id = await submitJob();
  await call("POST", `${RUNNERS}/jobs/${id}/results`, { body: { status: "completed" } });
  const { database } = server;
  const columns = database
    .prepare<[], string>("SELECT name FROM pragma_table_info('jobs') WHERE name NOT IN ('sequence', 'id')")
    .pluck()
    .all()
    .join(", ");
  database
    .prepare<[string]>(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 240)
       INSERT INTO jobs (id, ${columns}) SELECT 'old-' || i, ${columns} FROM n, jobs WHERE id = ?`,
    )
    .run(id);
  // Log lines go with their jobs, and count in a slice.
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)
       INSERT INTO job_logs (job_id, position, stream, text) SELECT 'old-' || (1 + i / 10), i % 10 + 10 * (i / 10), 'stdout', 'x'
       FROM n`,
    )
    .run();
  const count = (): unknown => database.prepare("SELECT count(*) FROM jobs").pluck().get();
  expect(count()).toBe(242);
  // To the pass after the retention is over, which is made at a whole minute.
  await clock.advance(HOUR + MINUTE);
  const counts = [count()];
  for (let slice = 0; slice < 5; slice += 1) {
    await clock.advance(1);
    counts.push(count());
  }
  expect(counts).toEqual([199, 149, 99, 49, 1, 1]);
  expect((await call("GET", `${RUNNERS}/${runner}/jobs`)).json).toMatchObject({ total: 1, content: [{ id: kept }] });
});

test("very many dead runners are removed in slices, with pauses between them", async () => {
  const { clock, server } = await startTestServer();
  const text = `projects: [{ name: p$index, repeat: 45 }]
runners: [{ name: r, project: p$index, connected_until: now, repeat: 45 }]`;
  server.fixtures.load([{ name: "runners.yaml", text }]);
  const count = (): number => server.opik.runners.all().length;
  await clock.advance(24 * HOUR - 1);
  const counts = [count()];
  for (let slice = 0; slice < 4; slice += 1) {
    await clock.advance(1);
    counts.push(count());
  }
  expect(counts).toEqual([45, 25, 5, 0, 0]);
});
