import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { sql } from "../../../src/database/sql.ts";
import { durationBetween, type Fields, textOf, timeOf, timeOfMilliseconds } from "../../../src/opik/search/fields.ts";
import { conditionsOf, type Filter, queryFilters } from "../../../src/opik/search/filters.ts";
import { jsonPaths } from "../../../src/opik/search/json-path.ts";

const FIELDS: Fields = {
  javaName: "TraceField",
  fields: {
    id: { type: "string_exact", sql: textOf("id"), isIndexed: true },
    name: { type: "string", sql: textOf("name") },
    start_time: { type: "date_time", sql: timeOf("start_time") },
    created_at: { type: "date_time", sql: timeOfMilliseconds("created_at") },
    duration: { type: "number", sql: durationBetween("start_time", "end_time") },
    metadata: { type: "dictionary", sql: sql`json` },
    data: { type: "map", sql: sql`json` },
    tags: { type: "list", sql: sql`tags` },
    environment: { type: "enum", sql: textOf("environment") },
    source: { type: "enum_legacy", sql: textOf("source") },
    error_info: { type: "error_container", sql: sql`error` },
    commit: { type: "string_state_db", sql: textOf("name") },
    experiment_ids: { type: "string_list", sql: textOf("id") },
    feedback_scores: {
      type: "feedback_scores_number",
      sql: sql`SELECT key AS name, value FROM json_each(scores)`,
    },
  },
  custom: { input: { type: "dictionary", sql: sql`json` } },
};

interface Thing {
  id: string;
  name?: string;
  start_time?: string;
  end_time?: string;
  created_at?: number;
  json?: unknown;
  tags?: readonly string[];
  environment?: string;
  source?: string;
  error?: string;
  scores?: Record<string, number>;
}

/** Returns the ids of the things that meet the filters. */
function createThings(...things: Thing[]): (...filters: Filter[]) => string {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  sqlite.exec(
    "CREATE TABLE things (id, name, start_time, end_time, created_at, json, tags, environment, source, error, scores)",
  );
  const insert = sqlite.prepare("INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  for (const { id, name, start_time, end_time, created_at, environment, source, error, ...rest } of things) {
    const columns = [id, name, start_time, end_time, created_at, json(rest.json), json(rest.tags), environment, source];
    insert.run(...[...columns, error, json(rest.scores)].map((value) => value ?? null));
  }
  return (...filters) => {
    const { where } = conditionsOf(FIELDS, filters);
    const condition = where.map(({ text }) => `(${text})`).join(" AND ");
    return sqlite
      .prepare<unknown[], string>(`SELECT id FROM things WHERE ${condition} ORDER BY id`)
      .pluck()
      .all(...where.flatMap(({ values }) => values))
      .join("");
  };
}

/** A filter in short: `name contains x`, `metadata.key = x`. */
function filter(text: string): Filter {
  const [, field = "", key, operator = "", value] = /^(\w+)(?:\.(\S+))? (\S+)(?: (.*))?$/s.exec(text) ?? [];
  return { field, operator: operator as Filter["operator"], key, value };
}

describe("texts", () => {
  test.each([
    ["name = hello", "a"],
    ["name != HELLO", "bcde"],
    ["name contains ELL", "a"],
    ["name contains h_l", "a"],
    ["name contains 50\\%", "b"],
    ["name contains C:\\t", "e"],
    ["name contains \\", "e"],
    ["name contains C:\\\\t", "e"],
    ["name not_contains ell", "bcde"],
    ["name starts_with hE", "a"],
    ["name ends_with %", "b"],
    ["name contains GRÜN", "c"],
    ["name > h", "ac"],
    ["name < h", "bde"],
    ["commit = hello", "a"],
  ])("%s", (text, ids) => {
    const find = createThings(
      { id: "a", name: "Hello" },
      { id: "b", name: "50%" },
      { id: "c", name: "Im Grünen" },
      { id: "d" },
      { id: "e", name: "C:\\temp" },
    );
    expect(find(filter(text))).toBe(ids);
  });

  test.each([
    ["id = A", ""],
    ["id = a", "a"],
    ["id != a", "Bb"],
    ["id contains b", "b"],
    ["id not_contains b", "Ba"],
    ["id starts_with b", "b"],
    ["id ends_with B", "B"],
    ["id > a", "b"],
    ["experiment_ids in a, B", "Ba"],
    ["experiment_ids not_in a", "Bb"],
  ])("exactly: %s", (text, ids) => {
    expect(createThings({ id: "a" }, { id: "b" }, { id: "B" })(filter(text))).toBe(ids);
  });

  test("a part that is longer than SQLite's patterns", () => {
    const name = "Long ".repeat(12_000);
    expect(createThings({ id: "a", name: `${name}!` }, { id: "b" })(filter(`name contains ${name}`))).toBe("a");
  });
});

describe("points in time and durations", () => {
  const things: Thing[] = [
    { id: "a", start_time: "2026-01-01T00:00:10Z", end_time: "2026-01-01T00:00:11.500001Z", created_at: 1_000 },
    { id: "b", start_time: "2026-01-01T00:00:10.500000Z", end_time: "2026-01-01T00:01:10.5Z", created_at: 1_500 },
    { id: "c", start_time: "2026-01-01T00:00:10.123456789Z", created_at: 2_000 },
  ];
  test.each([
    ["start_time = 2026-01-01T00:00:10.5Z", "b"],
    ["start_time = 2026-01-01T00:00:10.000Z", "a"],
    ["start_time != 2026-01-01T00:00:10.00Z", "bc"],
    ["start_time > 2026-01-01T00:00:10Z", "bc"],
    ["start_time >= 2026-01-01T00:00:10Z", "abc"],
    ["start_time < 2026-01-01T00:00:10.1234568Z", "ac"],
    ["start_time <= 2026-01-01T01:00:10%2B01:00", "a"],
    ["created_at = 1970-01-01T00:00:01.500Z", "b"],
    ["created_at <= 1970-01-01T00:00:01.5Z", "ab"],
    ["duration = 1500.001", "a"],
    ["duration >= 60000", "b"],
  ])("%s", (text, ids) => {
    expect(createThings(...things)(filter(text))).toBe(ids);
  });
});

describe("dictionaries", () => {
  const things: Thing[] = [
    { id: "a", json: { model: "GPT", n: 5, ok: true, nested: { list: [{ k: "x" }] } } },
    { id: "b", json: { model: "other", n: "12.5", ok: false, "nested.list": "flat", empty: "", none: null } },
    { id: "c", json: "text" },
    { id: "d" },
  ];
  test.each([
    ["metadata.model = gpt", "a"],
    ["metadata.model != gpt", "bcd"],
    ["metadata.model contains TH", "b"],
    ["metadata.model not_contains th", "acd"],
    ["metadata.model starts_with gp", "a"],
    ["metadata.model ends_with ER", "b"],
    ["metadata.n = 5", "a"],
    ["metadata.n > 5", "b"],
    ["metadata.n < 12.6", "ab"],
    ["metadata.model > 1", ""],
    ["metadata.n > many", ""],
    ["metadata.ok = true", "a"],
    ["metadata.nested.list[0].k = x", "a"],
    ["metadata.$.nested.list[0].k = x", "a"],
    ["metadata.nested.list = flat", "b"],
    ["metadata.nested is_empty", "abcd"],
    ["metadata.none is_empty", "abcd"],
    ["metadata.empty is_not_empty", ""],
    ["metadata.model is_not_empty", "ab"],
    ["metadata.it's\"quoted = x", ""],
    ["data.model = gpt", "a"],
    ["custom.input.model = gpt", "a"],
    ["custom.$.input.nested.list[0].k = x", "a"],
    ["custom.input contains flat", "b"],
  ])("%s", (text, ids) => {
    expect(createThings(...things)(filter(text))).toBe(ids);
  });

  test("paths", () => {
    expect(jsonPaths("a")).toEqual(['$."a"']);
    expect(jsonPaths("a.b-c")).toEqual(['$."a"."b-c"', '$."a.b-c"']);
    expect(jsonPaths("[1].a")).toEqual(['$[1]."a"']);
    expect(jsonPaths("$.a['b c'][\"d\"]")).toEqual(['$."a"."b c"."d"']);
    expect(jsonPaths("$schema")).toEqual(['$."$schema"']);
    expect(jsonPaths("feature[beta]")).toEqual(['$."feature[beta]"']);
  });
});

test.each([
  ["tags = red", "a"],
  ["tags = RED", ""],
  ["tags != red", "bc"],
  ["tags contains RE", "ab"],
  ["tags not_contains re", "c"],
  ["tags is_empty", "c"],
  ["tags is_not_empty", "ab"],
  ["environment = prod", "a"],
  ["environment != prod", "bc"],
  ["environment in prod,,dev", "ab"],
  ["environment not_in prod, dev", "c"],
  ["environment is_empty", "c"],
  ["environment is_not_empty", "ab"],
  ["source = sdk", "ac"],
  ["source != sdk", "b"],
  ["source = unknown", "c"],
  ["source in sdk,experiment", "abc"],
  ["source not_in experiment", "ac"],
  ["error_info is_empty", "bc"],
  ["error_info is_not_empty", "a"],
  ["feedback_scores.QUALITY = 0.5", "a"],
  ["feedback_scores.quality != 0.5", "bc"],
  ["feedback_scores.quality > 5e-1", "b"],
  ["feedback_scores.quality >= 0.5", "ab"],
  ["feedback_scores.quality < 0.7", "a"],
  ["feedback_scores.quality <= 0.7", "ab"],
  ["feedback_scores.quality is_empty", "c"],
  ["feedback_scores.quality is_not_empty", "ab"],
])("%s", (text, ids) => {
  const find = createThings(
    { id: "a", tags: ["red", "x"], environment: "prod", source: "sdk", error: "{}", scores: { quality: 0.5 } },
    { id: "b", tags: ["green"], environment: "dev", source: "experiment", scores: { Quality: 0.7, other: 0.1 } },
    { id: "c", tags: [] },
  );
  expect(find(filter(text))).toBe(ids);
});

test("all filters must be met", () => {
  const find = createThings({ id: "a", name: "x" }, { id: "b", name: "x", tags: ["t"] }, { id: "c", tags: ["t"] });
  expect(find(filter("name = x"), filter("tags = t"))).toBe("b");
});

describe("filters that make no sense are refused by name", () => {
  test.each([
    ["name in a", "Invalid operator 'in' for field 'name' of type 'STRING'"],
    ["metadata.n >= 5", "Invalid operator '>=' for field 'metadata' of type 'DICTIONARY'"],
    ["error_info = x", "Invalid operator '=' for field 'error_info' of type 'ERROR_CONTAINER'"],
    ["name =  ", "Invalid value ' ' or key 'null' for field 'name' of type 'STRING'"],
    ["name =", "Invalid value 'null' or key 'null' for field 'name' of type 'STRING'"],
    ["duration > 1e3", "Invalid value '1e3' or key 'null' for field 'duration' of type 'NUMBER'"],
    ["duration > %31x", "Invalid value '1x' or key 'null' for field 'duration' of type 'NUMBER'"],
    ["duration > %", "Invalid filter '%'"],
    ["start_time > today", "Invalid value 'today' or key 'null' for field 'start_time' of type 'DATE_TIME'"],
    ["metadata = x", "Invalid value 'x' or key 'null' for field 'metadata' of type 'DICTIONARY'"],
    ["metadata is_empty", "Invalid value 'null' or key 'null' for field 'metadata' of type 'DICTIONARY'"],
    [
      "feedback_scores = 1",
      "Invalid value '1' or key 'null' for field 'feedback_scores' of type 'FEEDBACK_SCORES_NUMBER'",
    ],
    [
      "feedback_scores.q = x",
      "Invalid value 'x' or key 'q' for field 'feedback_scores' of type 'FEEDBACK_SCORES_NUMBER'",
    ],
    ["source = nobody", "Invalid value 'nobody' or key 'null' for field 'source' of type 'ENUM_LEGACY'"],
    ["source in ,", "Invalid value ',' or key 'null' for field 'source' of type 'ENUM_LEGACY'"],
    ["experiment_ids in ,", "Invalid value ',' or key 'null' for field 'experiment_ids' of type 'STRING_LIST'"],
    ["environment = ", "Invalid value '' or key 'null' for field 'environment' of type 'ENUM'"],
    ["tags contains", "Invalid value 'null' or key 'null' for field 'tags' of type 'LIST'"],
    ["custom = x", "Custom key cannot be null or empty"],
    ["custom.toString.x = x", "Invalid key 'toString.x' for custom filter"],
  ])("%s", (text, message) => {
    expect(() => conditionsOf(FIELDS, [filter(text)])).toThrow(message);
  });

  test("too many", () => {
    const many = Array.from({ length: 101 }, () => filter("name = x"));
    expect(() => conditionsOf(FIELDS, many)).toThrow("filters size must be between 0 and 100");
    expect(createThings({ id: "a", name: "x" })(...many.slice(1))).toBe("a");
  });
});

describe("the query parameter", () => {
  const { read } = queryFilters(FIELDS);

  test("is a list as JSON", () => {
    const text = '[{"field":"name","operator":"=","key":"","type":"string","value":5}]';
    expect(read(text, "filters").where).toMatchObject([{ values: ["5"] }]);
    expect(read("[]", "filters").where).toEqual([]);
    expect(read(" ", "filters").where).toEqual([]);
    expect(read(undefined, "filters").where).toEqual([]);
  });

  test.each([
    "x",
    "{}",
    "[null]",
    "[5]",
    '[{"field":"nothing","operator":"=","value":"x"}]',
    '[{"field":"toString","operator":"=","value":"x"}]',
    '[{"field":"name","operator":"like","value":"x"}]',
    '[{"operator":"=","value":"x"}]',
    '[{"field":"name","value":"x"}]',
  ])("refuses %s", (text) => {
    expect(() => read(text, "filters")).toThrow(`Invalid filters query parameter '${text}'`);
  });

  test("knows what an index finds", () => {
    const isSelective = (...filters: Filter[]): boolean => conditionsOf(FIELDS, filters).isSelective;
    expect(isSelective(filter("name = x"), filter("id = x"))).toBe(true);
    expect(isSelective(filter("id > x"), filter("name = x"))).toBe(false);
  });
});
