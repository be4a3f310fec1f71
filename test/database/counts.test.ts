import SqliteConnection from "better-sqlite3";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { type CountedRow, IdBlocks } from "../../src/database/blocks.ts";
import { Database } from "../../src/database/database.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { COMMANDS } from "../../src/opik/runners/bridge/command.ts";
import { COMMAND_STATUSES } from "../../src/opik/runners/bridge/schema.ts";
import { JOBS } from "../../src/opik/runners/jobs/row.ts";
import { JOB_STATUSES } from "../../src/opik/runners/jobs/schema.ts";
import { SPAN_BLOCKS, TRACE_BLOCKS } from "../../src/opik/tracing/blocks.ts";
import { RUNS } from "../../src/strait/run/run.ts";
import { RUN_STATUSES } from "../../src/strait/run/state-machine.ts";
import { COUNTS } from "./expected-counts.ts";

/** A write, as numbers that choose a row and its new values. */
type Write = readonly ["insert" | "update" | "delete", number, number];

const writes = fc.array(
  fc.tuple(fc.constantFrom("insert", "insert", "update", "delete"), fc.nat(11), fc.nat(100)) as fc.Arbitrary<Write>,
);

function open(migrations = readMigrations()): SqliteConnection.Database {
  const sqlite = new SqliteConnection(":memory:");
  onTestFinished(() => void sqlite.close());
  migrate(sqlite, migrations);
  return sqlite;
}

function pick<Value>(values: readonly Value[], index: number): Value {
  return values[index % values.length]!;
}

/** Adds a row, without the columns that an older file does not have; one with its id stays. */
function insert(sqlite: SqliteConnection.Database, table: string, row: object): void {
  const columns = sqlite.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
  const names = Object.keys(row).filter((name) => columns.includes(name));
  const values = names.map((name) => `:${name}`);
  sqlite.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(", ")}) VALUES (${values.join(", ")})`).run(row);
}

/** When a row ended, within the first hour; some have not. */
function endOf(value: number): number | null {
  return pick([null, 0, 59_999, 60_000, 3_500_000], value);
}

function writeJob(sqlite: SqliteConnection.Database, [kind, row, value]: Write): void {
  const id = `job ${row}`;
  const status = pick(JOB_STATUSES, value);
  if (kind === "delete") sqlite.prepare("DELETE FROM jobs WHERE id = ?").run(id);
  const completed_at = endOf(value);
  if (kind === "update") {
    sqlite.prepare("UPDATE jobs SET status = ?, completed_at = ? WHERE id = ?").run(status, completed_at, id);
  }
  if (kind !== "insert") return;
  const owner = {
    workspace: "default",
    user: "admin",
    runner_id: `runner ${row % 2}`,
    project_id: `project ${row % 3}`,
  };
  const own = { id, status, agent_name: "a", timeout_seconds: 1, created_at: 0, completed_at };
  insert(sqlite, "jobs", JOBS.row({ ...owner, ...own }));
}

function writeRun(sqlite: SqliteConnection.Database, [kind, row, value]: Write): void {
  const id = `run ${row}`;
  const status = pick(RUN_STATUSES, value);
  const metadata_json = pick([null, "{}", '{"a":"1"}', '{"a":"2","b":1.5}', '{"b":null,"c":{"d":[]}}'], value);
  const finished_at = endOf(value);
  if (kind === "delete") sqlite.prepare("DELETE FROM executor_runs WHERE id = ?").run(id);
  if (kind === "update") {
    sqlite
      .prepare("UPDATE executor_runs SET status = ?, finished_at = ?, metadata_json = ? WHERE id = ?")
      .run(status, finished_at, metadata_json, id);
  }
  if (kind !== "insert") return;
  const tags_json = pick([null, '{"team":"x"}', '{"team":"y","tier":"z"}'], value);
  const own = {
    id,
    job_id: `job ${row % 3}`,
    project_id: `project ${row % 2}`,
    triggered_by: "manual",
    created_at: row,
    finished_at,
  };
  insert(sqlite, "executor_runs", RUNS.row({ ...own, status, tags_json, metadata_json }));
}

function writeCommand(sqlite: SqliteConnection.Database, [kind, row, value]: Write): void {
  const id = `command ${row}`;
  const status = pick(COMMAND_STATUSES, value);
  if (kind === "delete") sqlite.prepare("DELETE FROM bridge_commands WHERE id = ?").run(id);
  if (kind === "update") sqlite.prepare("UPDATE bridge_commands SET status = ? WHERE id = ?").run(status, id);
  if (kind !== "insert") return;
  const own = { id, runner_id: "runner", workspace: "default", type: "Exec", args_json: "{}" } as const;
  insert(sqlite, "bridge_commands", COMMANDS.row({ ...own, status, timeout_seconds: 1, submitted_at: 0 }));
}

function writeTrace(sqlite: SqliteConnection.Database, [kind, row, value]: Write): void {
  const id = `0198${row}c3${value % 10}-0${value % 4}`;
  const project_id = `project ${value % 3}`;
  const metadata_json = pick([null, "{}", '{"a":"X"}', '{"a":"Y","b":1.50,"c":null}', '{"a":[1]}', "[1]"], value);
  for (const [table, trace] of [
    ["traces", {}],
    ["spans", { trace_id: "t" }],
  ] as const) {
    if (kind === "delete") sqlite.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id);
    if (kind === "update") {
      const update = `UPDATE ${table} SET project_id = ?, metadata_json = ? WHERE id = ?`;
      sqlite.prepare(update).run(project_id, metadata_json, id);
    }
    if (kind !== "insert") continue;
    const own = { id, workspace: `workspace ${row % 2}`, project_id, ...trace, created_at: 0, created_by: "admin" };
    const columns = { ...own, metadata_json, last_updated_at: "", last_updated_by: "admin", versions_json: "{}" };
    const names = Object.keys(columns);
    const last = sqlite.prepare(`SELECT coalesce(max(sequence), 0) FROM ${table}`).pluck();
    const before = last.get();
    sqlite
      .prepare(
        `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((name) => `:${name}`).join(", ")})
         ON CONFLICT (workspace, id)
         DO UPDATE SET project_id = excluded.project_id, metadata_json = excluded.metadata_json`,
      )
      .run(columns);
    if (last.get() !== before) count(sqlite, table, columns);
  }
}

/** Counts a new trace or span, as the stores do that insert them. A file without tables for it counts it later. */
function count(sqlite: SqliteConnection.Database, table: "traces" | "spans", row: CountedRow): void {
  const hasBlocks = sqlite.prepare("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'trace_blocks')").pluck();
  if (hasBlocks.get() === 0) return;
  const events = new EventBus<object>({ now: () => 0, onListenerError: (error) => expect.fail(String(error)) });
  const database = new Database(sqlite, events, () => {});
  const blocks = new IdBlocks(database, table === "traces" ? TRACE_BLOCKS : SPAN_BLOCKS);
  database.transaction(() => blocks.add([row]));
}

function expectCounts(sqlite: SqliteConnection.Database): void {
  for (const [table, [expected, counted]] of Object.entries(COUNTS)) {
    expect(sqlite.prepare(counted).all(), table).toEqual(sqlite.prepare(expected).all());
  }
}

/** Indexes the metadata of all rows, as a filter does. */
function indexMetadata(sqlite: SqliteConnection.Database): void {
  for (const [table, values] of [
    ["traces", "trace_metadata"],
    ["spans", "span_metadata"],
  ]) {
    sqlite.exec(`INSERT OR REPLACE INTO metadata_progress SELECT '${table}', coalesce(max(sequence), 0) FROM ${table}`);
    sqlite.exec(`INSERT OR IGNORE INTO ${values} SELECT workspace, project_id, key, value, id FROM ${values}_values`);
  }
}

/** The rows up to the one that is named have their values in the index, that one exists, and others have none. */
function expectIndexOfMetadata(sqlite: SqliteConnection.Database): void {
  for (const [table, values] of [
    ["traces", "trace_metadata"],
    ["spans", "span_metadata"],
  ]) {
    const last = `coalesce((SELECT sequence FROM metadata_progress WHERE name = '${table}'), 0)`;
    const expected = `SELECT workspace, project_id, key, value, id FROM ${values}_values
      WHERE sequence <= ${last} ORDER BY 1, 2, 3, 4, 5`;
    expect(sqlite.prepare(`SELECT * FROM ${values}`).all(), values).toEqual(sqlite.prepare(expected).all());
    expect(sqlite.prepare(`SELECT ${last} IN (SELECT 0 UNION SELECT sequence FROM ${table})`).pluck().get()).toBe(1);
  }
}

test("the index of metadata follows each write of the rows that it has", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant("index" as const), writes)), (steps) => {
      const sqlite = open();
      for (const step of steps) {
        if (step === "index") indexMetadata(sqlite);
        else for (const write of step) writeTrace(sqlite, write);
        expectIndexOfMetadata(sqlite);
      }
      sqlite.exec("DELETE FROM traces; DELETE FROM spans");
      expectIndexOfMetadata(sqlite);
    }),
    { numRuns: 50 },
  );
});

test("counts and labels follow each write", () => {
  fc.assert(
    fc.property(writes, (writes) => {
      const sqlite = open();
      for (const write of writes) {
        writeJob(sqlite, write);
        writeCommand(sqlite, write);
        writeTrace(sqlite, write);
        writeRun(sqlite, write);
        expectCounts(sqlite);
      }
      sqlite.exec("DELETE FROM jobs; DELETE FROM bridge_commands; DELETE FROM executor_runs");
      expectCounts(sqlite);
    }),
    { numRuns: 30 },
  );
});

test("counts and labels of an older file are made from its rows", () => {
  const migrations = readMigrations();
  const before = migrations.findIndex(({ name }) => name.endsWith("_scale.sql"));
  const sqlite = open(migrations.slice(0, before));
  for (let row = 0; row < 12; row += 1) {
    writeJob(sqlite, ["insert", row, row * 7]);
    writeCommand(sqlite, ["insert", row, row * 7]);
    writeTrace(sqlite, ["insert", row, row * 7]);
    writeRun(sqlite, ["insert", row, row * 7]);
  }
  migrate(sqlite, migrations);
  expectCounts(sqlite);
  expect(sqlite.prepare("SELECT count(*) FROM executor_run_labels").pluck().get()).toBeGreaterThan(10);
});
