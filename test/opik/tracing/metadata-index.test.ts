import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uuidsAt } from "../../../src/core/ids.ts";
import type { Database } from "../../../src/database/database.ts";
import { fillDisk } from "../../support/full-disk.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

const TIME = "2026-01-01T00:00:00Z";
const START = Date.parse(TIME);

interface Kind {
  path: string;
  name: "traces" | "spans";
  own: object;
}

const KINDS: readonly Kind[] = [
  { path: "/v1/private/traces", name: "traces", own: {} },
  { path: "/v1/private/spans", name: "spans", own: { trace_id: uuidsAt(START).first, type: "general" } },
];

/** The id of the record that was made so many minutes after the start. */
function idOf(minute: number): string {
  return uuidsAt(START + minute * 60_000).first;
}

/** A server, and how records are written and found on it. */
async function createRecords({ path, name, own }: Kind, config = {}) {
  const { call, server, clock } = await startTestServer(config);
  const record = (minute: number, metadata: unknown, more: object = {}) =>
    ({ project_name: "demo", id: idOf(minute), start_time: TIME, ...own, metadata, ...more }) as const;
  const { database } = server;
  const count = database.prepare<[], number>(`SELECT count(*) FROM ${name.slice(0, -1)}_metadata`).pluck();
  return {
    call,
    clock,
    database,
    record,
    /** How many values the index has. */
    indexed: () => count.get() ?? 0,
    write: (...records: object[]) => call("POST", `${path}/batch`, { body: { [name]: records } }),
    /** The minutes of the records that meet filters, and how many there are in all. */
    find: async (filters: readonly object[], more = "") => {
      const query = `project_name=demo&filters=${encodeURIComponent(JSON.stringify(filters))}&${more}`;
      const { json, text } = await call("GET", `${path}?${query}`);
      const page = json as { total?: number; content?: Array<{ id: string }> };
      if (page.content === undefined) throw new Error(text);
      return { total: page.total, minutes: page.content.map(({ id }) => minuteOf(id)) };
    },
    stream: async (filters: readonly object[], more: object = {}) => {
      const { text } = await call("POST", `${path}/search`, { body: { project_name: "demo", filters, ...more } });
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.map((line) => minuteOf((JSON.parse(line) as { id: string }).id));
    },
  };
}

function minuteOf(id: string): number {
  return (Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) - START) / 60_000;
}

const equal = (key: string, value: string) => ({ field: "metadata", operator: "=", key, value });

describe.each(KINDS)("a filter on metadata of $name", (kind) => {
  test("finds the same records by the index as without it", async () => {
    const { call } = await startTestServer();
    const word = fc.constantFrom(
      "a",
      "B",
      "b",
      "team",
      "e\u0301\u00e9",
      "with blank",
      "$",
      "a.b",
      'quo"te',
      "\\",
      "",
      "0",
    );
    const scalar = fc.oneof(word, fc.constantFrom(1, 1.5, -0, 1e21, true, false, null, [], {}, ["a"], { a: 1 }));
    const object = fc.dictionary(word, scalar, { maxKeys: 4 }).map((value) => JSON.stringify(value));
    // As no `JSON.stringify` writes them: numbers with zeros, escapes, keys that occur twice.
    const written = fc.constantFrom(
      '{"a":1.0}',
      '{"a":1E2,"b":"\\u0062"}',
      '{"\\u0061":"B"}',
      '{"a":"b","a":"a"}',
      '{"a":{},"a":"b"}',
      '{"a":"a","a":{}}',
      '[{"a":"b"}]',
      '"a"',
      "null",
    );
    const values = [
      "a",
      "b",
      "B",
      "team",
      "1",
      "1.0",
      "1.5",
      "-0",
      "0",
      "1e2",
      "1E2",
      "1e+21",
      "true",
      "null",
      "{}",
      "",
    ];
    let project = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(object, written), { minLength: 1, maxLength: 12 }), word, async (all, key) => {
        project += 1;
        const own = { project_name: `p${project}`, start_time: TIME, ...kind.own };
        const records = all.map((metadata) => JSON.stringify(own).replace(/\}$/, `,"metadata":${metadata}}`));
        await call("POST", `${kind.path}/batch`, { body: `{"${kind.name}":[${records.join(",")}]}` });
        const totalOf = async (filter: object): Promise<unknown> => {
          const filters = encodeURIComponent(JSON.stringify([filter]));
          return (await call("GET", `${kind.path}?project_name=p${project}&filters=${filters}`)).json;
        };
        for (const value of key.trim() === "" ? [] : values) {
          const one = (await totalOf(equal(key, value))) as { total: number };
          // No index serves it.
          const other = (await totalOf({ ...equal(key, value), operator: "!=" })) as { total: number };
          expect([value, one.total]).toEqual([value, all.length - other.total]);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("is served by the index, which is filled when it is first needed", async () => {
    const { write, record, find, indexed } = await createRecords(kind);
    await write(record(1, { team: "A", n: 1 }), record(2, { team: "b" }), record(3, { team: "a" }), record(4, {}));
    await find([{ ...equal("team", "a"), operator: "!=" }]);
    expect(indexed()).toBe(0);
    expect(await find([equal("team", "a")])).toEqual({ total: 2, minutes: [3, 1] });
    expect(indexed()).toBe(4);
    await write(record(5, { team: "a" }));
    expect(await find([equal("team", "A")], "page=2&size=2")).toEqual({ total: 3, minutes: [1] });
    expect(await find([{ ...equal("metadata.team", "a"), field: "custom" }], "size=1")).toEqual({
      total: 3,
      minutes: [5],
    });
    expect(indexed()).toBe(5);
  });

  test("is combined with other conditions, an order, and a span of time", async () => {
    const { write, record, find, stream } = await createRecords(kind);
    const team = { team: "a", tier: "x" };
    await write(...[1, 2, 3, 4, 5].map((minute) => record(minute, team, { name: minute % 2 === 0 ? "even" : "odd" })));
    await write(record(6, { team: "b", tier: "x" }, { name: "even" }));
    const isEven = { field: "name", operator: "=", value: "even" };
    expect(await find([equal("team", "a"), isEven])).toEqual({ total: 2, minutes: [4, 2] });
    expect(await find([equal("tier", "x"), equal("team", "b")])).toEqual({ total: 1, minutes: [6] });
    const sorting = encodeURIComponent(JSON.stringify([{ field: "name", direction: "DESC" }]));
    expect((await find([equal("team", "a")], `sorting=${sorting}`)).minutes).toEqual([5, 3, 1, 4, 2]);
    const range = `from_time=2026-01-01T00:02:00Z&to_time=2026-01-01T00:04:00Z`;
    expect(await find([equal("team", "a")], range)).toEqual({ total: 3, minutes: [4, 3, 2] });
    expect(await stream([equal("team", "a")], { limit: 2 })).toEqual([5, 4]);
    expect(await stream([equal("team", "a"), isEven], { last_retrieved_id: idOf(4) })).toEqual([2]);
  });

  test("follows changes, moves and deletions of records that are indexed", async () => {
    const { write, record, find, call, database } = await createRecords(kind);
    await write(record(1, { team: "a" }), record(2, { team: "a" }), record(3, { team: "a" }));
    expect((await find([equal("team", "a")])).minutes).toEqual([3, 2, 1]);
    await write(record(1, { team: "b" }), record(2, { team: "a" }, { project_name: "other" }));
    expect((await find([equal("team", "a")])).minutes).toEqual([3]);
    expect((await find([equal("team", "b")])).minutes).toEqual([1]);
    // The next row has the number of the one that was deleted.
    database.prepare(`DELETE FROM ${kind.name} WHERE id = ?`).run(idOf(3));
    await write(record(4, { team: "a" }));
    expect((await find([equal("team", "a")])).minutes).toEqual([4]);
    await call("POST", "/__local/reset");
    await write(record(5, { team: "a" }));
    expect((await find([equal("team", "a")])).minutes).toEqual([5]);
  });

  test("reads the records themselves in a project with very large metadata", async () => {
    const { write, record, find } = await createRecords(kind);
    const large = { team: "a", text: "x".repeat(40_000) };
    await write(record(1, large), record(2, { team: "a" }));
    expect(await find([equal("team", "a")])).toEqual({ total: 2, minutes: [2, 1] });
    await write(record(3, { team: "a" }, { project_name: "other" }));
    expect(await find([equal("team", "a")])).toEqual({ total: 2, minutes: [2, 1] });
  });

  test("on a long value finds it", async () => {
    const { write, record, find } = await createRecords(kind);
    await write(record(1, { team: "x".repeat(300), ["k".repeat(300)]: "a" }));
    expect((await find([equal("team", "x".repeat(300))])).minutes).toEqual([1]);
    expect((await find([equal("k".repeat(300), "a")])).minutes).toEqual([1]);
  });
});

/** Adds copies of the only trace. */
function multiply({ server }: Pick<TestServer, "server">, rows: number): void {
  const { database } = server;
  const columns = database
    .prepare<[], string>("SELECT name FROM pragma_table_info('traces') WHERE name NOT IN ('sequence', 'id')")
    .pluck()
    .all()
    .join(", ");
  database
    .prepare<[number]>(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO traces (id, ${columns}) SELECT '0198' || i, ${columns} FROM n, (SELECT ${columns} FROM traces)`,
    )
    .run(rows);
}

describe("very many records", () => {
  test("are indexed later, between other work; until then a filter reads them", async () => {
    const { call, clock, server } = await startTestServer();
    const trace = { project_name: "demo", start_time: TIME, metadata: { team: "a" } };
    await call("POST", "/v1/private/traces", { body: trace });
    multiply({ server }, 50_400);
    const count = (sql: string): unknown => server.database.prepare(sql).pluck().get();
    const find = async (): Promise<unknown> => {
      const filters = encodeURIComponent(JSON.stringify([equal("team", "a")]));
      return (await call("GET", `/v1/private/traces?project_name=demo&size=1&filters=${filters}`)).json;
    };
    const minute = server.config.reaperIntervalMs;
    await clock.advance(minute);
    expect(count("SELECT count(*) FROM trace_metadata")).toBe(0);
    expect(await find()).toMatchObject({ total: 50_401 });
    expect(count("SELECT count(*) FROM trace_metadata")).toBe(0);
    await clock.advance(minute);
    expect(count("SELECT count(*) FROM trace_metadata")).toBe(200);
    for (let slice = 0; slice < 5; slice += 1) await clock.advance(1);
    expect(count("SELECT count(*) FROM trace_metadata")).toBe(1_200);
    // Few enough now.
    expect(await find()).toMatchObject({ total: 50_401 });
    expect(count("SELECT count(*) FROM trace_metadata")).toBe(50_401);
  });

  test.each([
    { why: "writes are refused", stop: (database: Database) => database.refuseWrites() },
    {
      why: "the disk is full",
      stop: (database: Database) => fillDisk(database),
    },
  ])("are found when $why", async ({ stop }) => {
    const { call, server } = await startTestServer();
    const traces = Array.from({ length: 300 }, (_, index) => ({
      start_time: TIME,
      metadata: { team: "a", text: `${index} ${"x".repeat(200)}` },
    }));
    await call("POST", "/v1/private/traces/batch", { body: { traces } });
    stop(server.database);
    const filters = encodeURIComponent(JSON.stringify([equal("team", "a")]));
    const { json } = await call("GET", `/v1/private/traces?project_name=Default%20Project&filters=${filters}`);
    expect(json).toMatchObject({ total: 300 });
    const indexed = server.database.prepare<[], number>("SELECT count(*) FROM trace_metadata").pluck();
    expect(indexed.get()).toBe(0);
  });
});
