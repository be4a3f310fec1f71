import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { openInMemory } from "../../src/database/in-memory.ts";
import type * as TableModule from "../../src/database/table.ts";

const SOURCE_FOLDER = fileURLToPath(new URL("../../src/", import.meta.url));

/** Tables without a description of their columns, each with its reason. */
const UNDESCRIBED_TABLES: Readonly<Record<string, string>> = {
  bridge_command_counts: "written by triggers",
  executor_run_counts: "written by triggers",
  executor_run_labels: "written by triggers",
  executor_run_minutes: "written by triggers",
  job_blocks: "written by triggers",
  job_counts: "written by triggers",
  job_minutes: "written by triggers",
  metadata_progress: "two numbers, which triggers write as well",
  span_metadata: "filled from a view, and written by triggers",
  trace_metadata: "filled from a view, and written by triggers",
  span_block_parts: "counts of rows, by position",
  span_blocks: "counts of rows, by position",
  trace_block_parts: "counts of rows, by position",
  trace_blocks: "counts of rows, by position",
  trace_thread_blocks: "written by triggers",
  database_settings: "written before the tables exist, by the process that holds the file",
  job_logs: "a row for each line of output, bound by position because that is faster",
};

/** Columns that their table's description leaves out, each with its reason. A rowid under a name is one by itself. */
const UNDESCRIBED_COLUMNS: Readonly<Record<string, string>> = {
  "bridge_commands.unacknowledged": "set by the statements that assign and acknowledge",
  "executor_run_attempts.number": "counted by the statement that inserts",
  "executor_run_attempts.run_id": "known before the attempts of a run are read",
  "executor_run_events.number": "counted by the statement that inserts",
  "jobs.unacknowledged": "set by the statements that assign and acknowledge",
};

/** Lists of columns that are written by hand all the same, each with its reason. */
const WRITTEN_BY_HAND: Readonly<Record<string, string>> = {
  "opik/runners/jobs/store.ts: job_id, position, stream, text, bytes_so_far": "has no description, see above",
};

interface Described {
  name: string;
  columns: Record<string, { hasDefault: boolean; defaultValue: unknown }>;
}

interface Source {
  path: string;
  text: string;
}

const described = vi.hoisted((): Described[] => []);

vi.mock("../../src/database/table.ts", async (original) => {
  const module = await original<typeof TableModule>();
  class RecordedTable extends module.Table<TableModule.Columns> {
    constructor(name: string, columns: TableModule.Columns) {
      super(name, columns);
      described.push({ name, columns });
    }
  }
  return { ...module, Table: RecordedTable };
});

let sources: Source[];
/** The columns of each table of an open file, and whether they may be NULL. */
let stored: Map<string, Map<string, { isNullable: boolean; isRowId: boolean }>>;

beforeAll(async () => {
  sources = readdirSync(SOURCE_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(SOURCE_FOLDER, path), "utf8") }));
  const describing = sources.filter(({ path, text }) => text.includes("new Table(") && !path.startsWith("database/"));
  for (const { path } of describing) await import(pathToFileURL(join(SOURCE_FOLDER, path)).href);
  const { sqlite } = openInMemory();
  const rows = sqlite
    .prepare<[], { table: string; column: string; type: string; notnull: 0 | 1; pk: number }>(
      `SELECT m.name AS "table", c.name AS "column", c.type, c."notnull", c.pk FROM sqlite_master m
       JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`,
    )
    .all();
  sqlite.close();
  stored = new Map();
  for (const { table, column, type, notnull, pk } of rows) {
    const columns = stored.get(table) ?? new Map();
    const isNullable = notnull === 0 && pk === 0;
    stored.set(table, columns.set(column, { isNullable, isRowId: pk === 1 && type === "INTEGER" }));
  }
});

/** The texts and templates of a file, and its lists of texts, each as one text. */
function textsIn({ path, text }: Source): { texts: string[]; arrays: string[] } {
  const texts: string[] = [];
  const arrays: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    else if (ts.isTemplateExpression(node)) texts.push(node.getText().slice(1, -1));
    else if (ts.isArrayLiteralExpression(node) && node.elements.every((item) => ts.isStringLiteralLike(item))) {
      arrays.push(node.elements.map((item) => (item as ts.StringLiteral).text).join(", "));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return { texts: texts.map((found) => found.replaceAll(/\s+/g, " ")), arrays };
}

/** The lists of columns that a text has in `SELECT` and `SET`, and the text itself. */
function listsIn(text: string): string[] {
  const selected = [...text.matchAll(/\bSELECT (?:DISTINCT )?((?:(?!\bFROM\b|\bSELECT\b).)*?) FROM \w/g)];
  const set = [...text.matchAll(/\bSET ((?:\w+ = (?::|excluded\.)\w+(?:, )?)+)/g)];
  return [text, ...selected.map(([, list]) => list!), ...set.map(([, list]) => list!.replaceAll(/ = [:\w.]+/g, ""))];
}

/** Whether a list has at least three columns of a table, and at least this share of them, and nothing else. */
function isListOf(columns: readonly string[], list: string, share: number): boolean {
  const names = list.split(", ").filter((name) => name !== "sequence");
  return names.length >= Math.max(3, columns.length * share) && names.every((name) => columns.includes(name));
}

/**
 * The lists of columns that a file has where the table's description could have given them: all columns (`*`, or an
 * array), the columns that `INSERT` writes, and half or more of the columns of a table. Fewer say what a statement is
 * about.
 */
function handWrittenLists(source: Source, tables: ReadonlyArray<readonly string[]>): string[] {
  const { texts, arrays } = textsIn(source);
  const all = texts.flatMap((text) => [...text.matchAll(/\bSELECT [^*(]*?((?:\w+\.)?\*) FROM \w/g)]);
  const inserted = texts.flatMap((text) => [...text.matchAll(/\bINTO \w+ \(([^)$]*)\)/g)]);
  const listed = texts.flatMap(listsIn).map((list) => list.trim());
  return [
    ...[...all, ...inserted].map(([, list]) => list!),
    ...listed.filter((list) => tables.some((columns) => isListOf(columns, list, 0.5))),
    ...arrays.filter((list) => tables.some((columns) => isListOf(columns, list, 1))),
  ];
}

describe("a table", () => {
  test("has one description of its columns", () => {
    const expected = [...stored.keys()].filter((table) => UNDESCRIBED_TABLES[table] === undefined);
    expect(described.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
    expect(Object.keys(UNDESCRIBED_TABLES).filter((table) => !stored.has(table))).toEqual([]);
  });

  test("has the columns that its description names, and no others", () => {
    const missing = described.flatMap(({ name, columns }) =>
      Array.from(stored.get(name) ?? [])
        .filter(([column, { isRowId }]) => columns[column] === undefined && !isRowId)
        .map(([column]) => `${name}.${column}`),
    );
    expect(missing.toSorted()).toEqual(Object.keys(UNDESCRIBED_COLUMNS));
    const unknown = described.flatMap(({ name, columns }) =>
      Object.keys(columns).filter((column) => stored.get(name)?.has(column) !== true),
    );
    expect(unknown).toEqual([]);
  });

  test("may have NULL where its description says so", () => {
    const wrong = described.flatMap(({ name, columns }) =>
      Object.entries(columns)
        .filter(([column, { defaultValue }]) => stored.get(name)?.get(column)?.isNullable !== (defaultValue === null))
        .map(([column]) => `${name}.${column}`),
    );
    expect(wrong).toEqual([]);
  });

  test("has no list of its columns that is written by hand", () => {
    const tables = described.map(({ columns }) => Object.keys(columns));
    const found = sources.flatMap((source) =>
      handWrittenLists(source, tables).map((list) => `${source.path}: ${list}`),
    );
    expect(new Set(found.toSorted())).toEqual(new Set(Object.keys(WRITTEN_BY_HAND)));
  });
});

describe("the rule", () => {
  const tables = [["id", "name", "tags", "created_at"]];
  const listsOf = (text: string): string[] => handWrittenLists({ path: "a.ts", text }, tables);

  test.for([
    ['"SELECT id, name, tags FROM things WHERE id = ?"', "id, name, tags"],
    ['"SELECT sequence, id, name, tags FROM things"', "sequence, id, name, tags"],
    ['"SELECT * FROM things"', "*"],
    ['"SELECT owner.name, thing.* FROM things thing"', "thing.*"],
    ['"INSERT INTO things (size) VALUES (?)"', "size"],
    ["`UPDATE things SET name = :name, tags = :tags, id = :id WHERE ${where}`", "name, tags, id"],
    [
      "`ON CONFLICT (id) DO UPDATE SET name = excluded.name,\n tags = excluded.tags, id = excluded.id`",
      "name, tags, id",
    ],
    ['const COLUMNS = "id, name, tags, created_at";', "id, name, tags, created_at"],
    ['const COLUMNS = ["id", "name", "tags", "created_at"] as const;', "id, name, tags, created_at"],
  ] as const)("finds the list in %s", ([text, list]) => {
    expect(listsOf(text)).toEqual([list]);
  });

  test.for([
    "`SELECT ${THINGS.list} FROM things`",
    '"SELECT id, name FROM things"',
    '"SELECT id, size FROM things"',
    '"SELECT count(*), name, tags FROM things"',
    "`INSERT INTO things (${THINGS.list}, size) VALUES (${THINGS.values}, 1)`",
    '"UPDATE things SET name = ? WHERE id = ?"',
    'const SORTABLE = ["id", "name", "tags"];',
  ])("allows %s", (text) => {
    expect(listsOf(text)).toEqual([]);
  });
});
