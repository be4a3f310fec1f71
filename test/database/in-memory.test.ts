import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { openInMemory } from "../../src/database/in-memory.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";

function open(): SqliteConnection.Database {
  const { sqlite } = openInMemory();
  onTestFinished(() => void sqlite.close());
  return sqlite;
}

function schemaOf(sqlite: SqliteConnection.Database): unknown[] {
  return [sqlite.pragma("user_version"), ...sqlite.prepare("SELECT type, name, sql FROM sqlite_master").all()];
}

test("a database in memory has the schema that the migrations make", () => {
  const migrated = new SqliteConnection(":memory:");
  onTestFinished(() => void migrated.close());
  migrate(migrated, readMigrations());
  expect(schemaOf(open())).toEqual(schemaOf(migrated));
  expect(schemaOf(open())).toEqual(schemaOf(migrated));
});

test("databases in memory never meet, whichever was opened first", () => {
  const [first, second] = [open(), open()];
  first.exec("CREATE TABLE things (n INTEGER) STRICT");
  const third = open();
  const hasThings = (sqlite: SqliteConnection.Database): boolean =>
    sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'things'").get() !== undefined;
  expect([first, second, third].map(hasThings)).toEqual([true, false, false]);
});

test("a database in memory can grow beyond its first size", () => {
  const sqlite = open();
  sqlite.exec("CREATE TABLE big (bytes BLOB) STRICT");
  const insert = sqlite.prepare("INSERT INTO big VALUES (zeroblob(1000000))");
  for (let count = 0; count < 20; count += 1) insert.run();
  expect(sqlite.prepare("SELECT sum(length(bytes)) FROM big").pluck().get()).toBe(20_000_000);
});

test("every row that belongs to another one goes with it, so that all can be deleted in any order", () => {
  const actions = open()
    .prepare(
      `SELECT DISTINCT f.on_delete FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
    )
    .pluck()
    .all();
  expect(actions).toEqual(["CASCADE"]);
});

/** A database of a server. */
function openDatabaseInMemory(): Database {
  const events = new EventBus<object>({ now: () => 0, onListenerError: expect.fail });
  const database = openDatabase({ path: ":memory:", durability: "normal", events, now: new Date(0) });
  onTestFinished(() => database.close());
  return database;
}

const PREPARED = "SELECT count(*) FROM executor_settings";

/** How often a statement is prepared by databases that are opened and closed one after another. @param use uses each */
function preparations(use: (database: Database) => void): number {
  const prepare = vi.spyOn(SqliteConnection.prototype, "prepare");
  onTestFinished(() => prepare.mockRestore());
  // Those that other tests have left.
  const opened = Array.from({ length: 10 }, openDatabaseInMemory);
  for (let count = 0; count < 5; count += 1) {
    const database = openDatabaseInMemory();
    opened.push(database);
    database.prepare(PREPARED).get();
    use(database);
    database.close();
  }
  return prepare.mock.calls.filter(([sql]) => sql === PREPARED).length;
}

describe("the connection of a database in memory that was closed", () => {
  test("serves the next one, which is empty and counts from 1", () => {
    const rows: unknown[] = [];
    const use = (database: Database): void => {
      const all = database.prepare("SELECT * FROM executor_settings");
      rows.push(...all.all());
      database.prepare("INSERT INTO executor_settings VALUES ('signing_key', 'secret')").run();
      const insert = database.prepare<[]>(
        `INSERT INTO scripts (kind, owner, name, workspace, script_json, heartbeats, uses_json, created_at)
         VALUES ('user', 'default', 'ada', 'default', '{}', 0, '{}', 0)`,
      );
      expect(insert.run().lastInsertRowid).toBe(1);
    };
    expect(preparations(use)).toBe(1);
    expect(rows).toEqual([]);
  });

  test("cannot be used by the one that was closed", () => {
    const first = openDatabaseInMemory();
    const insert = first.prepare<[string]>("INSERT INTO executor_settings VALUES (?, 'value')");
    const never = first.prepare<[]>("DELETE FROM executor_settings");
    insert.run("first");
    first.close();
    const second = openDatabaseInMemory();
    for (const use of [
      () => insert.run("late"),
      () => never.run(),
      () => first.transaction(() => {}),
      () => first.wipe(),
      () => first.checkpoint(),
      () => first.image(),
    ]) {
      expect(use).toThrow("The database connection is not open");
    }
    expect(() => first.close()).not.toThrow();
    expect(second.prepare("SELECT * FROM executor_settings").all()).toEqual([]);
  });

  test.for<[string, (database: Database) => void]>([
    ["refuses writes", (database) => database.refuseWrites()],
    ["has another schema", (database) => void database.prepare("CREATE TABLE things (n INTEGER) STRICT").run()],
    ["has a limit", (database) => void database.prepare("PRAGMA max_page_count = 1000").get()],
    [
      "was large",
      (database) => void database.prepare("INSERT INTO executor_settings VALUES ('n', hex(zeroblob(9000000)))").run(),
    ],
    [
      "had very many statements",
      (database) => {
        for (let count = 0; count < 600; count += 1) database.prepare(`SELECT ${count}`).get();
      },
    ],
    ["has a transaction", (database) => void database.prepare("BEGIN").run()],
  ])("is not used again when it %s", ([, use]) => {
    expect(preparations(use)).toBe(5);
  });

  test("shares no statement that is being read", () => {
    const database = openDatabaseInMemory();
    const names = (): string[] => {
      const all = database.prepare<[], string>("SELECT name FROM executor_settings ORDER BY name").pluck();
      return [...all.iterate()];
    };
    for (const name of ["a", "b"]) database.prepare("INSERT INTO executor_settings VALUES (?, '')").run(name);
    const outer = database.prepare<[], string>("SELECT name FROM executor_settings ORDER BY name").pluck().iterate();
    expect(outer.next().value).toBe("a");
    expect(names()).toEqual(["a", "b"]);
    expect([...outer]).toEqual(["b"]);
  });
});
