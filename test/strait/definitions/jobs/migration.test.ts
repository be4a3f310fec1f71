import SqliteDatabase from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { migrate, readMigrations } from "../../../../src/database/migrate.ts";

test("a file from before 0006 keeps its jobs' signing secrets, shared values and deferred triggers", () => {
  const sqlite = new SqliteDatabase(":memory:");
  onTestFinished(() => void sqlite.close());
  sqlite.pragma("foreign_keys = ON");
  const migrations = readMigrations();
  migrate(
    sqlite,
    migrations.filter(({ version }) => version < 6),
  );
  sqlite.exec(`
    INSERT INTO executor_jobs VALUES ('job', 'p', 's', 2, 'ver_2', '{}', 'secret', NULL, NULL, NULL, NULL, 0, 0);
    INSERT INTO executor_job_versions VALUES ('a', 'job', 1, 'ver_1', '{}', NULL, 0), ('b', 'job', 2, 'ver_2', '{}', NULL, 0);
    INSERT INTO executor_memory VALUES ('m', 'job', 'p', 'k', '1', 1, NULL, 0, 0), ('n', 'gone', 'p', 'k', '1', 1, NULL, 0, 0);
    INSERT INTO executor_debounces VALUES ('job', 'k', '{"created_by":"ada"}', 'ada', 5);
  `);
  migrate(sqlite, migrations);
  const all = (sql: string): unknown[] => sqlite.prepare(sql).all();
  expect(all("SELECT version, signing_secret FROM executor_job_versions ORDER BY version")).toEqual([
    { version: 1, signing_secret: "secret" },
    { version: 2, signing_secret: "secret" },
  ]);
  expect(all("SELECT id, memory_key, value_json FROM executor_memory")).toEqual([
    { id: "m", memory_key: "k", value_json: "1" },
  ]);
  expect(all("SELECT * FROM executor_debounces")).toEqual([
    { job_id: "job", debounce_key: "k", request_json: '{"created_by":"ada"}', fire_at: 5 },
  ]);
  expect(sqlite.pragma("foreign_key_check")).toEqual([]);
});
