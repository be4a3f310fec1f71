import SqliteConnection from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { migrate, readMigrations } from "../../../../src/database/migrate.ts";

test("events from before they were numbered are numbered in each run", () => {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  const migrations = readMigrations();
  const first = migrations.findIndex(({ sql }) => sql.includes("executor_run_events ADD COLUMN number"));
  migrate(sqlite, migrations.slice(0, first));
  sqlite.pragma("foreign_keys = OFF");
  const insert = sqlite.prepare(
    "INSERT INTO executor_run_events (id, run_id, type, message, created_at) VALUES (?, ?, 'log', '', ?)",
  );
  // Times may go backwards; the order of events is that in which they were written.
  for (const [index, run] of ["a", "b", "a", "a", "b"].entries()) insert.run(`${run}${index}`, run, 100 - index);
  migrate(sqlite, migrations);
  const numbered = sqlite.prepare("SELECT id, number FROM executor_run_events ORDER BY sequence").raw().all();
  expect(numbered).toEqual([
    ["a0", 1],
    ["b1", 1],
    ["a2", 2],
    ["a3", 3],
    ["b4", 2],
  ]);
});
