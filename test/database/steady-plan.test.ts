import { expect, test } from "vitest";
import { withSteadyPlan } from "../../src/database/steady-plan.ts";

test("parameters that SQLite would look at stand behind a plus, all others as they were", () => {
  const sql = `SELECT '?' FROM runs WHERE id = ? AND created_at BETWEEN ? AND ? AND (:name IS NULL OR name >= :name)
    AND job_id = +? AND project_id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT :limit OFFSET ?`;
  expect(withSteadyPlan(sql))
    .toBe(`SELECT '?' FROM runs WHERE id = +? AND created_at BETWEEN +? AND +? AND (:name IS NULL OR name >= +:name)
    AND job_id = +? AND project_id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT +:limit OFFSET +?`);
  expect(withSteadyPlan("INSERT INTO runs (id) VALUES (:id)")).toBe("INSERT INTO runs (id) VALUES (:id)");
});
