import SqliteConnection from "better-sqlite3";
import * as v from "valibot";
import { uuidFromName, uuidsAt } from "../../../src/core/ids.ts";
import { JOBS } from "../../../src/opik/runners/jobs/row.ts";
import { registerAgentsRequest } from "../../../src/opik/runners/schema.ts";
import { SPANS } from "../../../src/opik/tracing/spans/store.ts";
import { THREADS } from "../../../src/opik/tracing/threads/thread.ts";
import { TRACES } from "../../../src/opik/tracing/traces/store.ts";
import { createOpikLocal } from "../../../src/server.ts";
import { RUNS } from "../../../src/strait/run/run.ts";
import { COUNTS } from "../../database/expected-counts.ts";

const OWNER = { workspace: "default", user: "admin" } as const;
export const RUNNER_ID = uuidFromName("scale", "runner");
const RUN_JOB_ID = uuidFromName("scale", "job");
/** A tag value and a trigger that a hundredth of the runs have, and a value in the metadata of traces. */
export const RARE = "rare";

/** Rows are a millisecond apart, so that ids grow as in a server that has been used. */
const STEP_MS = 1;
/** A file that was filled, and what is asked of it. */
export interface FilledFile {
  path: string;
  projectId: string;
  /** How many rows each of jobs, runs, traces and spans has. */
  count: number;
  /** When the first row was made, in milliseconds since the epoch. */
  start: number;
}

/**
 * Makes a file with so many jobs (with a log line), runs (with an event), traces and spans, and a thread for every ten
 * traces. SQLite makes the rows from the columns of their tables; the services would take hours. Indexes are made and
 * rows are counted when all are there.
 * @param now when the last row was made
 */
export async function fill(path: string, count: number, now: number): Promise<FilledFile> {
  const projectId = await makeOwners(path);
  const start = now - count * STEP_MS;
  const sqlite = new SqliteConnection(path);
  for (const pragma of ["journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"]) {
    sqlite.pragma(pragma);
  }
  sqlite.pragma("cache_size = -1000000");
  const filled = rowsOf(projectId);
  const later = dropIndexesAndTriggers(sqlite);
  for (const rows of filled) writeRows(sqlite, rows, start, count);
  for (const [table, [expected]] of Object.entries(COUNTS)) {
    sqlite.exec(`DELETE FROM ${table}; INSERT INTO ${table} ${expected}`);
  }
  for (const sql of later) sqlite.exec(sql);
  indexMetadata(sqlite);
  sqlite.pragma("journal_mode = WAL");
  sqlite.close();
  return { path, projectId, count, start };
}

/** @returns the statements that create them again; indexes of constraints stay */
function dropIndexesAndTriggers(sqlite: SqliteConnection.Database): string[] {
  const objects = sqlite
    .prepare<[], { type: string; name: string; sql: string }>(
      "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type",
    )
    .all();
  for (const { type, name } of objects) sqlite.exec(`DROP ${type} ${name}`);
  return objects.map(({ sql }) => sql);
}

/** Indexes the metadata of traces, as filters have the server do. */
function indexMetadata(sqlite: SqliteConnection.Database): void {
  sqlite.exec(`INSERT INTO trace_metadata SELECT workspace, project_id, key, value, id FROM trace_metadata_values;
    INSERT INTO metadata_progress SELECT 'traces', max(sequence) FROM traces`);
}

/** Makes the schema, and what the rows belong to. @returns the id of the project of the runner and the traces */
async function makeOwners(path: string): Promise<string> {
  await using server = createOpikLocal({ config: { database: path } });
  const projectId = server.opik.projects.getOrCreate(OWNER, "scale");
  server.opik.runners.activate(OWNER, { id: RUNNER_ID, projectId, type: "endpoint", name: "scale", keepAlive: true });
  server.opik.runners.registerAgents(OWNER, RUNNER_ID, v.parse(registerAgentsRequest, new Map([["echo", {}]])));
  return projectId;
}

/** An id that the row of a kind has that was made at a time. */
export function idAt(time: number, kind: number): string {
  return `${uuidsAt(time).first.slice(0, -1)}${kind}`;
}

/** The rows of a table. */
interface FilledTable {
  table: string;
  /** The values of all rows, and those of the hundredth that differ. */
  usual: Readonly<Record<string, unknown>>;
  rare?: Readonly<Record<string, unknown>>;
  /** Columns that depend on the number `n` or the time `t` of a row, in SQL. */
  computed: Readonly<Record<string, string>>;
  /** Which numbers have a row; default all. */
  condition?: string;
}

/** The same as `idAt`. */
function idSql(kind: number): string {
  return `printf('%08x-%04x-7000-8000-00000000000${kind}', t >> 16, t & 65535)`;
}

/** The time as traces and spans have it. */
const DATE = "strftime('%Y-%m-%dT%H:%M:%fZ', t / 1000.0, 'unixepoch')";

function rowsOf(project_id: string): FilledTable[] {
  const record = {
    workspace: OWNER.workspace,
    project_id,
    name: "answer",
    input_json: '{"question":"How large is it?"}',
    output_json: '{"answer":"As large as this."}',
    created_at: 0,
    created_by: OWNER.user,
    last_updated_at: "",
    last_updated_by: OWNER.user,
    versions_json: "{}",
  };
  const times = { start_time: DATE, end_time: DATE, created_at: "t", last_updated_at: DATE };
  return [
    {
      table: "jobs",
      usual: JOBS.row({
        ...OWNER,
        id: "",
        runner_id: RUNNER_ID,
        project_id,
        agent_name: "echo",
        status: "completed",
        inputs_json: '{"question":"How large is it?"}',
        result_json: '{"answer":"As large as this."}',
        timeout_seconds: 600,
        created_at: 0,
      }),
      rare: { status: "failed" },
      computed: { id: idSql(1), created_at: "t", started_at: "t", completed_at: "t" },
    },
    {
      table: "job_logs",
      usual: { position: 0, stream: "stdout", text: "working on it", bytes_so_far: 19 },
      computed: { job_id: idSql(1) },
    },
    {
      table: "executor_runs",
      usual: RUNS.row({
        id: "",
        job_id: RUN_JOB_ID,
        project_id: "default",
        status: "completed",
        triggered_by: "manual",
        tags_json: '{"team":"usual"}',
        payload_json: '{"question":"How large is it?"}',
        created_at: 0,
      }),
      rare: { status: "failed", triggered_by: RARE, tags_json: `{"team":"${RARE}"}` },
      computed: { id: idSql(2), created_at: "t", started_at: "t", finished_at: "t" },
    },
    {
      table: "executor_run_events",
      usual: { type: "log", level: "info", message: "working on it", number: 1 },
      computed: { id: idSql(3), run_id: idSql(2), created_at: "t" },
    },
    {
      table: "traces",
      usual: TRACES.row({ ...record, id: "", metadata_json: '{"team":"usual"}' }),
      rare: { metadata_json: `{"team":"${RARE}"}` },
      computed: { ...times, id: idSql(4), thread_id: "iif(n % 5 = 0, 'thread ' || (n / 10), NULL)" },
    },
    {
      table: "spans",
      usual: SPANS.row({ ...record, id: "", trace_id: "", type: "llm" }),
      computed: { ...times, id: idSql(5), trace_id: idSql(4) },
    },
    {
      table: "trace_threads",
      usual: THREADS.row({
        workspace: OWNER.workspace,
        id: "",
        project_id,
        thread_id: "",
        status: "active",
        created_at: 0,
        created_by: OWNER.user,
        last_updated_at: 0,
        last_updated_by: OWNER.user,
        has_traces: 1,
      }),
      computed: { id: idSql(6), thread_id: "'thread ' || (n / 10)", created_at: "t", last_updated_at: "t" },
      condition: "n % 10 = 0",
    },
  ];
}

/** Writes rows that are a step apart from `start` on. */
function writeRows(sqlite: SqliteConnection.Database, rows: FilledTable, start: number, count: number): void {
  const { table, usual, rare = {}, computed, condition = "TRUE" } = rows;
  const values: unknown[] = [];
  const selected = Object.entries({ ...usual, ...computed }).map(([column, value]) => {
    if (column in computed) return computed[column];
    if (!(column in rare)) return (values.push(value), "?");
    values.push(rare[column], value);
    return "iif(n % 100 = 50, ?, ?)";
  });
  sqlite
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})
       INSERT INTO ${table} (${Object.keys({ ...usual, ...computed }).join(", ")})
       SELECT ${selected.join(", ")} FROM (SELECT n, ${start} + n * ${STEP_MS} AS t FROM numbers) WHERE ${condition}`,
    )
    .run(...values);
}
