import SqliteConnection from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { openInMemory } from "../../src/database/in-memory.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";

function open(): SqliteConnection.Database {
  const sqlite = openInMemory();
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
