import SqliteConnection from "better-sqlite3";
import { describe, expect, expectTypeOf, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { RawJson } from "../../src/core/json.ts";
import { blob, column, flag, integer, json, real, text } from "../../src/database/column.ts";
import { Database } from "../../src/database/database.ts";
import { type NewRow, type Row, type RowChange, Table } from "../../src/database/table.ts";

const seconds = column<number, string>({ toField: (stored) => `${stored}s`, toStored: (field) => parseInt(field, 10) });

const THINGS = new Table("things", {
  id: text(),
  owner: text().internal(),
  kind: text<"large" | "small">().default("small").changing(),
  inputs_json: json().nullable().changing(),
  timeout: seconds.named("timeout_seconds"),
  is_kept: flag().default(0),
  weight: real().nullable(),
  size: integer().nullable().internal().changing(),
  bytes: blob().nullable().internal(),
});

const SMALL = {
  id: "a",
  owner: "me",
  kind: "small",
  inputs_json: null,
  timeout: 3,
  is_kept: 0,
  weight: null,
  size: null,
  bytes: null,
} as const;

function open(): Database {
  const sqlite = new SqliteConnection(":memory:");
  sqlite.exec(`CREATE TABLE things (id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, inputs_json TEXT,
    timeout INTEGER NOT NULL, is_kept INTEGER NOT NULL, weight REAL, size INTEGER, bytes BLOB) STRICT`);
  const database = new Database(sqlite, new EventBus({ now: () => 0, onListenerError: expect.fail }), () =>
    sqlite.close(),
  );
  onTestFinished(() => database.close());
  return database;
}

describe("a table", () => {
  test("completes a new row with its defaults", () => {
    expect(THINGS.row({ id: "a", owner: "me", timeout: 3 })).toEqual(SMALL);
    expect(THINGS.row({ id: "a", owner: "me", timeout: 3, kind: "large" }).kind).toBe("large");
  });

  test("inserts rows and selects them by its list", () => {
    const database = open();
    const row = { ...SMALL, weight: 1.5, bytes: Buffer.from("x"), other: new Map() };
    THINGS.insert(database).run(row);
    const { other: _, ...columns } = row;
    expect(database.prepare(`SELECT ${THINGS.list} FROM things`).all()).toEqual([columns]);
    expect(database.prepare(`SELECT ${THINGS.listOf("thing")} FROM things thing`).all()).toEqual([columns]);
  });

  test("updates the columns that change, and no others", () => {
    const database = open();
    THINGS.insert(database).run(SMALL);
    THINGS.insert(database).run({ ...SMALL, id: "b" });
    THINGS.update(database).run({ id: "b", kind: "large", inputs_json: "[1]", size: 7 });
    expect(THINGS.assignments).toBe("kind = :kind, inputs_json = :inputs_json, size = :size");
    expect(database.prepare("SELECT * FROM things ORDER BY id").all()).toEqual([
      SMALL,
      { ...SMALL, id: "b", kind: "large", inputs_json: "[1]", size: 7 },
    ]);
  });

  test("writes the fields of answers, without NULL and internal columns, and reads them back", () => {
    const row = { ...SMALL, inputs_json: '{"a": 1.0}', is_kept: 1 } as const;
    const fields = THINGS.toFields(row);
    expect(Object.keys(fields)).toEqual(["id", "kind", "inputs", "timeout_seconds", "is_kept", "weight"]);
    expect(fields).toEqual({
      id: "a",
      kind: "small",
      inputs: new RawJson('{"a": 1.0}'),
      timeout_seconds: "3s",
      is_kept: true,
      weight: undefined,
    });
    const { owner: _, size: __, bytes: ___, ...shown } = row;
    expect(THINGS.toStored(fields)).toEqual(shown);
  });

  test("has the types of its columns", () => {
    expectTypeOf<Row<typeof THINGS>["inputs_json"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Row<typeof THINGS>["kind"]>().toEqualTypeOf<"large" | "small">();
    expectTypeOf<RowChange<typeof THINGS>>().toEqualTypeOf<
      Partial<{ kind: "large" | "small"; inputs_json: string | null; size: number | null }>
    >();
    expectTypeOf<{ id: string; owner: string; timeout: number }>().toExtend<NewRow<typeof THINGS>>();
    expectTypeOf<{ id: string; owner: string }>().not.toExtend<NewRow<typeof THINGS>>();
    expectTypeOf<ReturnType<typeof THINGS.toFields>["timeout_seconds"]>().toEqualTypeOf<string>();
  });
});
