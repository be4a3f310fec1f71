import { RawJson, stringifyJson } from "../../core/json.ts";
import { formatOptionalTime, formatTime } from "../wire/time.ts";
import { sortedMap } from "../wire/values.ts";
import type { ErrorClass, ExecutionMode, Run } from "./schema.ts";
import type { RunStatus } from "./state-machine.ts";

/** A run as it is kept; times in milliseconds since the epoch. */
export interface RunRow {
  id: string;
  job_id: string;
  project_id: string;
  status: RunStatus;
  attempt: number;
  priority: number;
  payload_json: string | null;
  /** SHA-256 of the canonical payload; only of triggered runs. */
  payload_hash: string | null;
  result_json: string | null;
  tags_json: string | null;
  metadata_json: string | null;
  error: string | null;
  error_class: ErrorClass | null;
  triggered_by: string;
  scheduled_at: number | null;
  /** When the present attempt began to execute. */
  started_at: number | null;
  finished_at: number | null;
  heartbeat_at: number | null;
  next_retry_at: number | null;
  expires_at: number | null;
  parent_run_id: string | null;
  idempotency_key: string | null;
  job_version: number;
  job_version_id: string | null;
  workflow_step_run_id: string | null;
  max_attempts_override: number | null;
  timeout_secs_override: number | null;
  retry_backoff: string | null;
  retry_initial_delay_secs: number | null;
  retry_max_delay_secs: number | null;
  execution_trace_json: string | null;
  debug_mode: 0 | 1;
  continuation_of: string | null;
  lineage_depth: number;
  created_by: string | null;
  batch_id: string | null;
  concurrency_key: string | null;
  execution_mode: ExecutionMode;
  queue_name: string;
  is_rollback: 0 | 1;
  replayed_run_id: string | null;
  created_at: number;
  /** Which hand-out to a worker the present attempt is; tokens of another are refused. */
  assignment_id: string | null;
  /** 1: assigned to a worker of which it is not known yet whether it has read the answer. */
  unacknowledged: 0 | 1;
  previous_error: string | null;
  /** How often in a row attempts have ended with `previous_error`. */
  same_error_count: number;
  snooze_count: number;
  trace_headers_json: string | null;
}

/** What a new run must be given; all else has a default. */
export type NewRun = Pick<RunRow, "job_id" | "project_id" | "triggered_by"> &
  Partial<Omit<RunRow, "id" | "created_at">>;

/** The columns that change in a run's life, besides its status. */
export const CHANGING_COLUMNS = [
  "attempt",
  "priority",
  "payload_json",
  "payload_hash",
  "result_json",
  "metadata_json",
  "error",
  "error_class",
  "scheduled_at",
  "started_at",
  "finished_at",
  "heartbeat_at",
  "next_retry_at",
  "expires_at",
  "idempotency_key",
  "job_version",
  "job_version_id",
  "execution_trace_json",
  "debug_mode",
  "execution_mode",
  "queue_name",
  "assignment_id",
  "unacknowledged",
  "previous_error",
  "same_error_count",
  "snooze_count",
] as const satisfies ReadonlyArray<keyof RunRow>;

/** What may change in a run's life besides its status. */
export type RunChange = Partial<Pick<RunRow, (typeof CHANGING_COLUMNS)[number]>>;

/** A run as it is kept, with defaults for what is not given. */
export function makeRun(id: string, createdAt: number, given: NewRun): RunRow {
  return { ...DEFAULTS, ...given, id, created_at: createdAt };
}

const DEFAULTS: Omit<RunRow, "id" | "job_id" | "project_id" | "triggered_by" | "created_at"> = {
  status: "queued",
  attempt: 1,
  priority: 0,
  payload_json: null,
  payload_hash: null,
  result_json: null,
  tags_json: null,
  metadata_json: null,
  error: null,
  error_class: null,
  scheduled_at: null,
  started_at: null,
  finished_at: null,
  heartbeat_at: null,
  next_retry_at: null,
  expires_at: null,
  parent_run_id: null,
  idempotency_key: null,
  job_version: 0,
  job_version_id: null,
  workflow_step_run_id: null,
  max_attempts_override: null,
  timeout_secs_override: null,
  retry_backoff: null,
  retry_initial_delay_secs: null,
  retry_max_delay_secs: null,
  execution_trace_json: null,
  debug_mode: 0,
  continuation_of: null,
  lineage_depth: 0,
  created_by: null,
  batch_id: null,
  concurrency_key: null,
  execution_mode: "http",
  queue_name: "default",
  is_rollback: 0,
  replayed_run_id: null,
  assignment_id: null,
  unacknowledged: 0,
  previous_error: null,
  same_error_count: 0,
  snooze_count: 0,
  trace_headers_json: null,
};

/** A map of texts as it is kept; nothing when empty. */
export function writeMap(map: ReadonlyMap<string, string> | undefined): string | null {
  return map === undefined || map.size === 0 ? null : stringifyJson(sortedMap(map));
}

/**
 * A run as an answer shows it that reads it back: without its queue and the run it replays [strait 3.1].
 * While it waits for an attempt it shows no times of the attempt before [strait 3.1].
 */
export function toStoredRun(row: RunRow): Run {
  const noAttempt = row.status === "queued" || row.status === "delayed" ? NO_ATTEMPT : {};
  return { ...toRun(row), ...noAttempt, queue_name: undefined, replayed_run_id: undefined };
}

const NO_ATTEMPT = { started_at: undefined, heartbeat_at: undefined };

/** A run as the answer shows it that has just made it from another one: without what its job adds later [strait 3.1]. */
export function toMadeRun(row: RunRow): Run {
  return { ...toStoredRun(row), execution_mode: undefined };
}

/** Everything that is known of a run, for events. */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    job_id: row.job_id,
    project_id: row.project_id,
    tags: raw(row.tags_json),
    status: row.status,
    attempt: row.attempt,
    payload: raw(row.payload_json),
    result: raw(row.result_json),
    metadata: raw(row.metadata_json),
    error: row.error ?? undefined,
    error_class: row.error_class ?? undefined,
    triggered_by: row.triggered_by,
    scheduled_at: formatOptionalTime(row.scheduled_at),
    started_at: formatOptionalTime(row.started_at),
    finished_at: formatOptionalTime(row.finished_at),
    heartbeat_at: formatOptionalTime(row.heartbeat_at),
    next_retry_at: formatOptionalTime(row.next_retry_at),
    expires_at: formatOptionalTime(row.expires_at),
    parent_run_id: row.parent_run_id ?? undefined,
    priority: row.priority,
    idempotency_key: row.idempotency_key ?? undefined,
    job_version: row.job_version,
    job_version_id: row.job_version_id ?? undefined,
    workflow_step_run_id: row.workflow_step_run_id ?? undefined,
    max_attempts_override: row.max_attempts_override ?? undefined,
    timeout_secs_override: row.timeout_secs_override ?? undefined,
    retry_backoff: row.retry_backoff ?? undefined,
    retry_initial_delay_secs: row.retry_initial_delay_secs ?? undefined,
    retry_max_delay_secs: row.retry_max_delay_secs ?? undefined,
    execution_trace: raw(row.execution_trace_json),
    debug_mode: row.debug_mode === 1,
    continuation_of: row.continuation_of ?? undefined,
    lineage_depth: row.lineage_depth,
    created_by: row.created_by ?? undefined,
    batch_id: row.batch_id ?? undefined,
    concurrency_key: row.concurrency_key ?? undefined,
    execution_mode: row.execution_mode,
    queue_name: row.queue_name,
    is_rollback: row.is_rollback === 1 ? true : undefined,
    replayed_run_id: row.replayed_run_id ?? undefined,
    created_at: formatTime(row.created_at),
  };
}

function raw(json: string | null): RawJson | undefined {
  return json === null ? undefined : new RawJson(json);
}
