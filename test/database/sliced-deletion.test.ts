import { expect, test } from "vitest";
import { SlicedDeletion } from "../../src/database/sliced-deletion.ts";
import { server } from "../fixtures/support.ts";

test("a slice ends when it has deleted 200 rows, those that go with others included", () => {
  const { database } = server();
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
       INSERT INTO jobs (id, runner_id, workspace, user, project_id, agent_name, status, timeout_seconds, created_at, completed_at)
       SELECT i, 'r', 'w', 'u', 'p', 'a', 'completed', 1, i, i FROM n`,
    )
    .run();
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1399)
       INSERT INTO job_logs (job_id, position, stream, text) SELECT 1 + i / 140, i, 'stdout', 'x' FROM n`,
    )
    .run();
  const deletion = new SlicedDeletion(database, {
    table: "jobs",
    key: ["sequence"],
    condition: "completed_at < :time",
    order: "completed_at",
  });
  const ids = (): unknown[] => database.prepare("SELECT CAST(id AS INTEGER) FROM jobs ORDER BY 1").pluck().all();
  expect(deletion.run(10)).toBe(true);
  expect(ids()).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  for (let slice = 0; slice < 3; slice += 1) expect(deletion.run(10)).toBe(true);
  expect(ids()).toEqual([9, 10]);
  expect(deletion.run(10)).toBe(false);
  expect(ids()).toEqual([10]);
});
