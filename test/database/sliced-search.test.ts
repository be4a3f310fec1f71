import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { nextTurn } from "../../src/core/slices.ts";
import { type BlockTables, IdBlocks } from "../../src/database/blocks.ts";
import { Database } from "../../src/database/database.ts";
import { type SlicedPage, type SlicedQuery, SlicedSearch } from "../../src/database/sliced-search.ts";
import { sql } from "../../src/database/sql.ts";

const SCOPE = [sql`kind = ${"a"}`];
const round = sql`n % 100 = ${0}`;
const ALL: SlicedQuery = { scope: SCOPE, where: [], isSelective: false };

/** Things of one kind, and another; every seventh has no size. */
function createThings(count = 2_500, blocks?: BlockTables) {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  sqlite.exec("CREATE TABLE things (id TEXT PRIMARY KEY, kind TEXT, n INTEGER, size REAL) STRICT");
  sqlite.exec("CREATE INDEX things_of_kind ON things (kind, id)");
  const insert = sqlite.prepare("INSERT INTO things VALUES (?, ?, ?, ?)");
  sqlite.transaction(() => {
    for (let n = 1; n <= count; n += 1) insert.run(idOf(n), "a", n, n % 7 === 0 ? null : -(n % 1_000));
    insert.run("other", "b", 0, 0);
  })();
  const all = vi.spyOn(sqlite, "prepare");
  const events = new EventBus<object>({ now: () => 0, onListenerError: (error) => expect.fail(String(error)) });
  const database = new Database(sqlite, events, () => {});
  const search = new SlicedSearch(database, "things", "n", {
    blocks: blocks && new IdBlocks(database, blocks),
    index: "labels",
  });
  return { sqlite, search, statements: () => all.mock.calls.map(([text]) => text) };
}

function idOf(n: number): string {
  return String(n).padStart(6, "0");
}

function numbers(rows: ReadonlyArray<{ id: string }>): number[] {
  return rows.map(({ id }) => Number(id));
}

/** Rows with an even number have the label `even`. */
function createLabelledThings(count?: number) {
  const things = createThings(count);
  things.sqlite.exec("CREATE TABLE labels (label TEXT, id TEXT, PRIMARY KEY (label, id)) STRICT, WITHOUT ROWID");
  things.sqlite.exec("INSERT INTO labels SELECT 'even', id FROM things WHERE kind = 'a' AND n % 2 = 0");
  return things;
}

describe("by an index table", () => {
  const even = sql`n % 2 = ${0}`;
  const scope = [sql`label = ${"even"}`];
  const all: SlicedQuery = { ...ALL, where: [even], byIndex: { scope, where: [] } };
  const some: SlicedQuery = { ...ALL, where: [even, round], byIndex: { scope, where: [round] } };

  test("a page reads the rows of the page alone", async () => {
    const { search, statements } = createLabelledThings();
    const { rows, total } = await search.page(all, { limit: 3, offset: 1_000 });
    expect({ total, numbers: numbers(rows) }).toEqual({ total: 1_250, numbers: [500, 498, 496] });
    const reads = statements().filter((text) => text.includes("FROM things"));
    expect(reads).toEqual([expect.stringContaining("id IN (SELECT value FROM json_each(+?))")]);
    expect(await search.page(all, { limit: 3, offset: 1_250 })).toEqual({ rows: [], total: 1_250 });
  });

  test("more rows than one slice counts are counted", async () => {
    const { search } = createLabelledThings(40_000);
    expect((await search.page(all, { limit: 1, offset: 0 })).total).toBe(20_000);
  });

  test("a page of rows that meet other conditions, too", async () => {
    const { rows, total } = await createLabelledThings().search.page(some, { limit: 2, offset: 1 });
    expect({ total, numbers: numbers(rows) }).toEqual({ total: 25, numbers: [2_400, 2_300] });
  });

  test("a page that is sorted", async () => {
    const sorting = { sql: sql`n`, descending: false };
    const { rows, total } = await createLabelledThings().search.page(all, { limit: 2, offset: 1, sorting });
    expect({ total, numbers: numbers(rows) }).toEqual({ total: 1_250, numbers: [4, 6] });
  });

  test("the newest rows, after one", async () => {
    const { search } = createLabelledThings();
    expect(numbers(await search.newest(all, 3, idOf(2_400)))).toEqual([2_398, 2_396, 2_394]);
    expect(numbers(await search.newest(some, 3, idOf(2_400)))).toEqual([2_300, 2_200, 2_100]);
    expect(numbers(await search.newest(some, 30))).toHaveLength(25);
  });

  test("all rows are visited, in slices", async () => {
    const { search } = createLabelledThings();
    const parts: number[] = [];
    await search.forEach(all, (ids) => parts.push(ids.length));
    expect(parts).toEqual([1_000, 250]);
  });
});

test("a page of all rows that tables of blocks count begins in its part of a block", async () => {
  const { sqlite, search } = createThings(2_500, { blocks: "blocks", parts: "parts" });
  for (const [table, length] of [
    ["blocks", 3],
    ["parts", 4],
  ]) {
    sqlite.exec(`CREATE TABLE ${table} (kind TEXT, block TEXT, count INTEGER) STRICT`);
    sqlite.exec(`INSERT INTO ${table} SELECT kind, substr(id, 1, ${length}), count(*) FROM things GROUP BY 1, 2`);
  }
  const counted = [sql`kind = ${"a"}`];
  for (const offset of [0, 1, 99, 100, 101, 1_000, 1_234, 1_501, 2_498, 2_500]) {
    const { rows, total } = await search.page({ ...ALL, counted }, { limit: 3, offset });
    expect(total).toBe(2_500);
    expect(numbers(rows)).toEqual([0, 1, 2].map((index) => 2_500 - offset - index).filter((n) => n > 0));
  }
});

describe("the newest rows", () => {
  test("without conditions come from the index", async () => {
    const { search } = createThings();
    expect(numbers(await search.newest(ALL, 3))).toEqual([2_500, 2_499, 2_498]);
    expect(numbers(await search.newest(ALL, 3, idOf(3)))).toEqual([2, 1]);
    expect(await search.newest(ALL, 3, idOf(1))).toEqual([]);
    expect(await search.newest(ALL, 1)).toMatchObject([{ id: idOf(2_500), bytes: 2_500 }]);
  });

  test.each([1, 3, 25, 100])("that meet a condition, at most %i, are found in slices", async (limit) => {
    const { search } = createThings();
    const expected = Array.from({ length: 25 }, (_, index) => 2_500 - index * 100).slice(0, limit);
    expect(numbers(await search.newest({ ...ALL, where: [round] }, limit))).toEqual(expected);
    const after = await search.newest({ ...ALL, where: [round] }, limit, idOf(expected[0]!));
    expect(numbers(after)).toEqual(
      [...expected.slice(1), 2_500 - expected.length * 100].slice(0, limit).filter((n) => n > 0),
    );
  });

  test("are searched in turns, between which others have theirs", async () => {
    const { search } = createThings();
    let isFound = false;
    const searching = search.newest({ ...ALL, where: [sql`n = ${1}`] }, 1).then((rows) => {
      isFound = true;
      return numbers(rows);
    });
    await nextTurn();
    expect(isFound).toBe(false);
    expect(await searching).toEqual([1]);
  });

  test("are searched no further than needed", async () => {
    const { search } = createThings();
    let isFound = false;
    void search.newest({ ...ALL, where: [sql`n > ${2_400}`] }, 5).then(() => (isFound = true));
    await nextTurn();
    expect(isFound).toBe(true);
  });

  test("that an index finds are read at once", async () => {
    const { search, statements } = createThings();
    const found = await search.newest({ ...ALL, where: [sql`id = ${idOf(1)}`], isSelective: true }, 5);
    expect(numbers(found)).toEqual([1]);
    expect(statements()).toHaveLength(1);
  });
});

describe("a page", () => {
  const page = async (query: SlicedQuery, slicedPage: SlicedPage) => {
    const { rows, total } = await createThings().search.page(query, slicedPage);
    return { total, numbers: numbers(rows) };
  };

  test("of all rows", async () => {
    expect(await page(ALL, { limit: 2, offset: 0 })).toEqual({ total: 2_500, numbers: [2_500, 2_499] });
    expect(await page(ALL, { limit: 5, offset: 2_497 })).toEqual({ total: 2_500, numbers: [3, 2, 1] });
    expect(await page(ALL, { limit: 5, offset: 2_500 })).toEqual({ total: 2_500, numbers: [] });
    expect(await page({ ...ALL, scope: [sql`kind = ${"c"}`] }, { limit: 5, offset: 0 })).toEqual({
      total: 0,
      numbers: [],
    });
  });

  test("of more rows than one slice counts", async () => {
    const { search } = createThings(10_001);
    expect(await search.page(ALL, { limit: 1, offset: 10_000 })).toMatchObject({
      total: 10_001,
      rows: [{ id: idOf(1) }],
    });
  });

  test("of the rows that meet a condition", async () => {
    const query = { ...ALL, where: [round] };
    expect(await page(query, { limit: 2, offset: 1 })).toEqual({ total: 25, numbers: [2_400, 2_300] });
    expect(await page(query, { limit: 2, offset: 24 })).toEqual({ total: 25, numbers: [100] });
    const selective = { ...ALL, where: [sql`id = ${idOf(7)}`], isSelective: true };
    expect(await page(selective, { limit: 2, offset: 0 })).toEqual({ total: 1, numbers: [7] });
  });

  test.each([
    { descending: false, first: [1_999, 999, 1_998, 998], last: [14, 7] },
    { descending: true, first: [2_000, 1_000, 2_001, 1], last: [14, 7] },
  ])(
    "sorted, descending: $descending; ties newest first, rows without a value last",
    async ({ descending, ...ends }) => {
      const sorting = { sql: sql`size`, descending };
      expect(await page(ALL, { limit: 4, offset: 0, sorting })).toEqual({ total: 2_500, numbers: ends.first });
      expect(await page(ALL, { limit: 4, offset: 2_498, sorting })).toEqual({ total: 2_500, numbers: ends.last });
    },
  );

  test("sorted by numbers and texts has the numbers first", async () => {
    const sorting = { sql: sql`iif(n = ${5}, 'five', n)`, descending: false };
    const { numbers: ids } = await page({ ...ALL, where: [sql`n < ${8}`] }, { limit: 9, offset: 0, sorting });
    expect(ids).toEqual([1, 2, 3, 4, 6, 7, 5]);
  });
});
