import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { Database } from "../../src/database/database.ts";
import { type Order, Search } from "../../src/database/search.ts";
import { allOf, isOneOf, type Sql, sql } from "../../src/database/sql.ts";

interface Thing {
  id: number;
  kind: string;
  name: string;
}

const NEWEST: Order = { columns: ["time", "id"], descending: true };

function createThings(count: number) {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  sqlite.exec("CREATE TABLE things (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, time INTEGER) STRICT");
  sqlite.exec("CREATE INDEX things_of_kind ON things (kind, time, id)");
  const insert = sqlite.prepare("INSERT INTO things VALUES (?, ?, ?, ?)");
  // Three things each have the same time.
  for (let id = 1; id <= count; id += 1) insert.run(id, id % 2 === 0 ? "even" : "odd", `thing ${id}`, id - (id % 3));
  const prepare = vi.spyOn(sqlite, "prepare");
  const database = new Database(sqlite, new EventBus<object>({ now: () => 0, onListenerError: expect.fail }), () => {});
  return {
    search: new Search<Thing>(database, "id, kind, name", "things"),
    prepare,
    plan: (text: string) =>
      sqlite
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
        .all(...Array.from(text.matchAll(/\?/g), () => 1))
        .map(({ detail }) => detail),
  };
}

describe("a search", () => {
  test("finds the rows that meet the conditions that are present", () => {
    const { search } = createThings(6);
    const idsWhere = (...where: Array<Sql | undefined>) => search.where(where).map(({ id }) => id);
    expect(idsWhere()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(idsWhere(sql`kind = ${"odd"}`, undefined, sql`id > ${1}`).toSorted()).toEqual([3, 5]);
    expect(idsWhere(isOneOf(sql`id`, [2, 9, 4])).toSorted()).toEqual([2, 4]);
    expect(idsWhere(isOneOf(sql`id`, []))).toEqual([]);
    expect(search.count([sql`kind = ${"even"}`])).toBe(3);
    expect(search.count([])).toBe(6);
  });

  test("takes what a client sends as a value, whatever it is", () => {
    const { search } = createThings(2);
    expect(search.where([sql`name = ${"' OR 1 = 1 --"}`])).toEqual([]);
    expect(search.where([isOneOf(sql`name`, ["thing 1') OR (1 = 1", "thing 2"])]).map(({ id }) => id)).toEqual([2]);
  });

  test("keeps one statement for all values", () => {
    const { search, prepare } = createThings(6);
    for (const kind of ["odd", "even", "other"]) {
      for (const limit of [1, 2]) search.page({ where: [sql`kind = ${kind}`], order: NEWEST, limit });
      search.where([isOneOf(sql`id`, kind === "odd" ? [1] : [1, 2, 3])]);
    }
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  test("drops the statement that was not used for longest", () => {
    const { search, prepare } = createThings(1);
    const shape = (length: number) => Array.from({ length }, () => sql`id > ${0}`);
    for (let length = 1; length <= 50; length += 1) search.where(shape(length));
    search.where(shape(1));
    expect(prepare).toHaveBeenCalledTimes(50);
    search.where(shape(51));
    search.where(shape(1));
    expect(prepare).toHaveBeenCalledTimes(51);
    search.where(shape(2));
    expect(prepare).toHaveBeenCalledTimes(52);
  });

  test.each([true, false])("pages through all rows once, descending: %s", (descending) => {
    const { search } = createThings(20);
    const order = { columns: ["time", "id"], descending };
    const where = [sql`kind = ${"even"}`];
    const all = search.page({ where, order, limit: 100 });
    const paged: Thing[] = [];
    let after: [number, number] | undefined;
    for (;;) {
      const rows = search.page({ where, order, after, limit: 3 });
      paged.push(...rows);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = [last.id - (last.id % 3), last.id];
    }
    expect(paged).toEqual(all);
    expect(all.map(({ id }) => id)).toHaveLength(10);
    expect(search.page({ where, order, limit: 3, offset: 4 })).toEqual(all.slice(4, 7));
  });

  test("is served by an index, from its place on", () => {
    const { search, prepare, plan } = createThings(6);
    search.page({ where: [sql`kind = ${"even"}`], order: NEWEST, after: [3, 4], limit: 2 });
    expect(plan(prepare.mock.calls.at(-1)![0])).toEqual([
      "SEARCH things USING INDEX things_of_kind (kind=? AND time<?)",
    ]);
  });
});

test("pieces of SQL keep the order of their values", () => {
  const inner = sql`a = ${1} OR b = ${"two"}`;
  const outer = sql`${inner} AND c = ${3}`;
  expect(outer).toMatchObject({ text: "a = +? OR b = +? AND c = +?", values: [1, "two", 3] });
  expect(allOf([undefined, inner, sql`d = ${null}`])).toMatchObject({
    text: "(a = +? OR b = +?) AND (d = +?)",
    values: [1, "two", null],
  });
  expect(allOf([])).toMatchObject({ text: "TRUE", values: [] });
});
