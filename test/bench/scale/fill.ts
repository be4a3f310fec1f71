import SqliteConnection from "better-sqlite3";
import { uuidFromName, uuidsAt } from "../../../src/core/ids.ts";
import type { Table } from "../../../src/database/table.ts";
import { JOBS } from "../../../src/opik/runners/jobs/row.ts";
import { SPANS } from "../../../src/opik/tracing/spans/store.ts";
import { TRACES } from "../../../src/opik/tracing/traces/store.ts";
import { createOpikLocal } from "../../../src/server.ts";
import { RUNS } from "../../../src/strait/run/run.ts";

const OWNER = { workspace: "default", user: "admin" } as const;
export const RUNNER_ID = uuidFromName("scale", "runner");
const RUN_JOB_ID = uuidFromName("scale", "job");
/** A tag value and a trigger that a hundredth of the runs have, and a value in the metadata of traces. */
export const RARE = "rare";

/** Rows are a millisecond apart, so that ids grow as in a server that has been used. */
const STEP_MS = 1;
/** As many rows are written in one transaction. */
const ROWS_OF_TRANSACTION = 20_000;

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
 * Makes a file with so many jobs (with a log line), runs (with an event), traces and spans. Rows are written by the
 * columns of their tables, without the services, which would take hours.
 * @param now when the last row was made
 */
export async function fill(path: string, count: number, now: number): Promise<FilledFile> {
  const projectId = await makeOwners(path);
  const start = now - count * STEP_MS;
  const sqlite = new SqliteConnection(path);
  for (const pragma of ["journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "foreign_keys = OFF"]) {
    sqlite.pragma(pragma);
  }
  const insertJob = sqlite.prepare(JOBS.insertion);
  const insertLog = sqlite.prepare(
    "INSERT INTO job_logs (job_id, position, stream, text, bytes_so_far) VALUES (?, 0, 'stdout', 'working on it', 19)",
  );
  const insertRun = sqlite.prepare(RUNS.insertion);
  const insertEvent = sqlite.prepare(
    `INSERT INTO executor_run_events (id, run_id, type, level, message, created_at, number)
     VALUES (?, ?, 'log', 'info', 'working on it', ?, 1)`,
  );
  const insertTrace = sqlite.prepare(TRACES.insertion);
  const insertSpan = sqlite.prepare(SPANS.insertion);
  const write = sqlite.transaction((from: number, to: number) => {
    for (let index = from; index < to; index += 1) {
      const time = start + index * STEP_MS;
      insertJob.run(jobRow(index, time, projectId));
      insertLog.run(idAt(time, 1));
      insertRun.run(runRow(index, time));
      insertEvent.run(idAt(time, 3), idAt(time, 2), time);
      const { trace, span } = traceRows(index, time, projectId);
      insertTrace.run(trace);
      insertSpan.run(span);
    }
  });
  for (let from = 0; from < count; from += ROWS_OF_TRANSACTION) {
    write(from, Math.min(count, from + ROWS_OF_TRANSACTION));
  }
  countRecords(sqlite);
  indexMetadata(sqlite);
  sqlite.pragma("journal_mode = WAL");
  sqlite.close();
  return { path, projectId, count, start };
}

/** Counts traces and spans, as the services do that write them. */
function countRecords(sqlite: SqliteConnection.Database): void {
  for (const kind of ["trace", "span"]) {
    sqlite.exec(`INSERT INTO ${kind}_blocks SELECT workspace, project_id, substr(id, 1, 7), count(*) FROM ${kind}s GROUP BY 1, 2, 3;
      INSERT INTO ${kind}_block_parts SELECT workspace, project_id, substr(id, 1, 10), count(*) FROM ${kind}s GROUP BY 1, 2, 3`);
  }
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
  return projectId;
}

/** An id that the row of a kind has that was made at a time. */
export function idAt(time: number, kind: number): string {
  return `${uuidsAt(time).first.slice(0, -1)}${kind}`;
}

/** Whether a row is one of the hundredth that is different. */
function isRare(index: number): boolean {
  return index % 100 === 50;
}

type RowOf<Of> = Of extends Table<infer _> ? Parameters<Of["toFields"]>[0] : never;

function jobRow(index: number, time: number, project_id: string): RowOf<typeof JOBS> {
  return JOBS.row({
    ...OWNER,
    id: idAt(time, 1),
    runner_id: RUNNER_ID,
    project_id,
    agent_name: "echo",
    status: isRare(index) ? "failed" : "completed",
    inputs_json: '{"question":"How large is it?"}',
    result_json: '{"answer":"As large as this."}',
    timeout_seconds: 600,
    created_at: time,
    started_at: time,
    completed_at: time,
  });
}

function runRow(index: number, time: number): RowOf<typeof RUNS> {
  return RUNS.row({
    id: idAt(time, 2),
    job_id: RUN_JOB_ID,
    project_id: "default",
    status: isRare(index) ? "failed" : "completed",
    triggered_by: isRare(index) ? RARE : "manual",
    tags_json: isRare(index) ? `{"team":"${RARE}"}` : '{"team":"usual"}',
    payload_json: '{"question":"How large is it?"}',
    started_at: time,
    finished_at: time,
    created_at: time,
  });
}

function traceRows(
  index: number,
  time: number,
  project_id: string,
): { trace: RowOf<typeof TRACES>; span: RowOf<typeof SPANS> } {
  const date = new Date(time).toISOString();
  const common = {
    workspace: OWNER.workspace,
    project_id,
    name: "answer",
    start_time: date,
    end_time: date,
    input_json: '{"question":"How large is it?"}',
    output_json: '{"answer":"As large as this."}',
    created_at: time,
    created_by: OWNER.user,
    last_updated_at: date,
    last_updated_by: OWNER.user,
    versions_json: "{}",
  };
  const traceId = idAt(time, 4);
  return {
    trace: TRACES.row({ ...common, id: traceId, metadata_json: `{"team":"${isRare(index) ? RARE : "usual"}"}` }),
    span: SPANS.row({ ...common, id: idAt(time, 5), trace_id: traceId, type: "llm" }),
  };
}
