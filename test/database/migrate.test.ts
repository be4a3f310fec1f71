import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Migration, migrate, readMigrations } from "../../src/database/migrate.ts";

const FIRST: Migration = { version: 1, name: "0001_a.sql", sql: "CREATE TABLE a (x); INSERT INTO a VALUES (1)" };
const SECOND: Migration = { version: 2, name: "0002_b.sql", sql: "ALTER TABLE a ADD COLUMN y DEFAULT 2" };
const BROKEN: Migration = { version: 3, name: "0003_c.sql", sql: "CREATE TABLE c (x); CREATE TABLE c (x)" };

function connect(): SqliteConnection.Database {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  return sqlite;
}

function versionOf(sqlite: SqliteConnection.Database): unknown {
  return sqlite.pragma("user_version", { simple: true });
}

describe("migrations", () => {
  test("that ship are numbered from one without a gap", () => {
    const versions = readMigrations().map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
    expect(versions).not.toEqual([]);
  });

  test("that ship make tables that refuse values of the wrong type", () => {
    const sqlite = connect();
    migrate(sqlite, readMigrations());
    const loose = sqlite
      .prepare(`SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`)
      .pluck()
      .all();
    expect(loose).toEqual([]);
  });

  test("run in order, once each", () => {
    const sqlite = connect();
    migrate(sqlite, [FIRST]);
    migrate(sqlite, [FIRST, SECOND]);
    migrate(sqlite, [FIRST, SECOND]);
    expect(sqlite.prepare("SELECT * FROM a").all()).toEqual([{ x: 1, y: 2 }]);
    expect(versionOf(sqlite)).toBe(2);
  });

  test("run all or none", () => {
    const sqlite = connect();
    migrate(sqlite, [FIRST]);
    expect(() => migrate(sqlite, [FIRST, SECOND, BROKEN])).toThrow("already exists");
    expect(sqlite.prepare("SELECT * FROM a").all()).toEqual([{ x: 1 }]);
    expect(versionOf(sqlite)).toBe(1);
    expect(sqlite.inTransaction).toBe(false);
  });

  test("of old projects whose names are equal now the oldest keeps the name, and none is lost", () => {
    const sqlite = connect();
    const migrations = readMigrations();
    const before = migrations.findIndex(({ name }) => name.endsWith("_project_names.sql"));
    migrate(sqlite, migrations.slice(0, before));
    const insert = sqlite.prepare(
      `INSERT INTO projects (id, workspace, name, visibility, created_at, created_by, last_updated_at, last_updated_by)
       VALUES (?, ?, ?, 'public', ?, 'admin', 5, 'admin')`,
    );
    insert.run("newer", "default", "Café ", 2);
    insert.run("older", "default", "CAFE", 1);
    insert.run("elsewhere", "other", "café", 3);
    migrate(sqlite, migrations);
    expect(sqlite.prepare("SELECT id, name, name_key, visibility, created_at FROM projects ORDER BY id").all()).toEqual(
      [
        { id: "elsewhere", name: "café", name_key: "cafe", visibility: "public", created_at: 3 },
        { id: "newer", name: "Café ", name_key: "cafe\nnewer", visibility: "public", created_at: 2 },
        { id: "older", name: "CAFE", name_key: "cafe", visibility: "public", created_at: 1 },
      ],
    );
  });
});
