import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Database } from "../../src/database/database.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { Statement } from "../../src/database/statement.ts";
import { createOpikLocal } from "../../src/server.ts";

function connect(): SqliteConnection.Database {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  return sqlite;
}

describe("a statement", () => {
  test("is prepared once, at its first use", () => {
    const sqlite = connect();
    const prepare = vi.fn(() => sqlite.prepare<[number], { n: number }>("SELECT ? AS n UNION SELECT 7 ORDER BY n"));
    const statement = new Statement(prepare);
    expect(prepare).not.toHaveBeenCalled();
    expect(statement.get(1)).toEqual({ n: 1 });
    expect(statement.all(2)).toEqual([{ n: 2 }, { n: 7 }]);
    expect([...statement.iterate(9)]).toEqual([{ n: 7 }, { n: 9 }]);
    expect(prepare).toHaveBeenCalledOnce();
  });

  test("is another one when it plucks", () => {
    const sqlite = connect();
    const statement = new Statement(() => sqlite.prepare<[], { n: number }>("SELECT 1 AS n"));
    expect(statement.pluck().get()).toBe(1);
    expect(statement.get()).toEqual({ n: 1 });
  });

  test("returns how many rows it has changed", () => {
    const sqlite = connect();
    sqlite.exec("CREATE TABLE things (n INTEGER) STRICT");
    expect(new Statement(() => sqlite.prepare<[number]>("INSERT INTO things VALUES (?)")).run(1).changes).toBe(1);
  });

  test("of a server fits the schema, also when no test uses it", async () => {
    const written = vi.spyOn(Database.prototype, "prepare");
    await using _ = createOpikLocal({ config: { database: ":memory:" } });
    const texts = written.mock.calls.map(([sql]) => sql);
    expect(texts.length).toBeGreaterThan(100);
    const sqlite = connect();
    migrate(sqlite, readMigrations());
    for (const sql of texts) expect(() => sqlite.prepare(sql), sql).not.toThrow();
  });
});
