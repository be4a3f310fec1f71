import { stringifyJson } from "../../core/json.ts";
import { flag, integer, json, text } from "../../database/column.ts";
import { type NewRow, type Row, type RowChange, Table } from "../../database/table.ts";
import { mark, time } from "../wire/columns.ts";
import { sortedMap } from "../wire/values.ts";
import type { ErrorClass, ExecutionMode, Run } from "./schema.ts";
import type { RunStatus } from "./state-machine.ts";

/** Runs; times in milliseconds since the epoch. The internal columns are what only dispatch needs. */
export const RUNS = new Table("executor_runs", {
  id: text(),
  job_id: text(),
  project_id: text(),
  tags_json: json().nullable(),
  status: text<RunStatus>().default("queued").changing(),
  attempt: integer().default(1).changing(),
  payload_json: json().nullable().changing(),
  // SHA-256 of the canonical payload; only of triggered runs
  payload_hash: text().nullable().changing().internal(),
  result_json: json().nullable().changing(),
  metadata_json: json().nullable().changing(),
  error: text().nullable().changing(),
  error_class: text<ErrorClass>().nullable().changing(),
  triggered_by: text(),
  scheduled_at: time().nullable().changing(),
  // when the present attempt began to execute
  started_at: time().nullable().changing(),
  finished_at: time().nullable().changing(),
  heartbeat_at: time().nullable().changing(),
  next_retry_at: time().nullable().changing(),
  expires_at: time().nullable().changing(),
  parent_run_id: text().nullable(),
  priority: integer().default(0).changing(),
  idempotency_key: text().nullable().changing(),
  job_version: integer().default(0).changing(),
  job_version_id: text().nullable().changing(),
  workflow_step_run_id: text().nullable(),
  max_attempts_override: integer().nullable(),
  timeout_secs_override: integer().nullable(),
  retry_backoff: text().nullable(),
  retry_initial_delay_secs: integer().nullable(),
  retry_max_delay_secs: integer().nullable(),
  execution_trace_json: json().nullable().changing(),
  debug_mode: flag().default(0).changing(),
  continuation_of: text().nullable(),
  lineage_depth: integer().default(0),
  created_by: text().nullable(),
  batch_id: text().nullable(),
  concurrency_key: text().nullable(),
  execution_mode: text<ExecutionMode>().default("http").changing(),
  queue_name: text().default("default").changing(),
  is_rollback: mark().default(0),
  replayed_run_id: text().nullable(),
  created_at: time(),
  // the assignment to a worker that the present attempt is; tokens of another one are refused
  assignment_id: text().nullable().changing().internal(),
  // 1: assigned to a worker that has not acknowledged the answer yet
  unacknowledged: flag().default(0).changing().internal(),
  previous_error: text().nullable().changing().internal(),
  // how many attempts in a row have ended with `previous_error`
  same_error_count: integer().default(0).changing().internal(),
  snooze_count: integer().default(0).changing().internal(),
  trace_headers_json: json().nullable().internal(),
});

/** A run as it is kept. */
export type RunRow = Row<typeof RUNS>;

/** What a new run must be given; all else has a default. */
export type NewRun = Omit<NewRow<typeof RUNS>, "id" | "created_at">;

/** What may change in a run's life besides its status. */
export type RunChange = Omit<RowChange<typeof RUNS>, "status">;

/** A map of texts as it is stored; `null` when empty. */
export function writeMap(map: ReadonlyMap<string, string> | undefined): string | null {
  return map === undefined || map.size === 0 ? null : stringifyJson(sortedMap(map));
}

/**
 * A run as answers to reads show it: without its queue and the run it replays [strait 3.1].
 * While it waits for an attempt it shows no times of the attempt before [strait 3.1].
 */
export function toStoredRun(row: RunRow): Run {
  const noAttempt = row.status === "queued" || row.status === "delayed" ? NO_ATTEMPT : {};
  return { ...toRun(row), ...noAttempt, queue_name: undefined, replayed_run_id: undefined };
}

const NO_ATTEMPT = { started_at: undefined, heartbeat_at: undefined };

/** A run as the answer to a replay shows it: without the fields that its job adds later [strait 3.1]. */
export function toMadeRun(row: RunRow): Run {
  return { ...toStoredRun(row), execution_mode: undefined };
}

/** All fields of a run, for events. */
export function toRun(row: RunRow): Run {
  return RUNS.toFields(row);
}
