import * as v from "valibot";
import { pageOf } from "../wire/schemas.ts";
import { boolean, freeForm, integer, string } from "../wire/values.ts";
import { RUN_STATUSES } from "./state-machine.ts";

export type { RunStatus } from "./state-machine.ts";

export const EXECUTION_MODES = ["http", "worker"] as const;
export type ExecutionMode = (typeof EXECUTION_MODES)[number];

export const ERROR_CLASSES = [
  "rate_limited",
  "auth",
  "client",
  "server",
  "transient",
  "timeout",
  "oom",
  "connection",
  "budget",
  "unknown",
  "dlq_overflow",
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

const time = v.optional(string({ format: "date-time" }));
const text = v.optional(string());
const count = v.optional(integer());

/** A run as the wire shows it; fields in the real server's order, absent when empty [strait 3.1]. */
export const run = v.object({
  id: string(),
  job_id: string(),
  project_id: string(),
  tags: v.optional(freeForm()),
  status: v.picklist(RUN_STATUSES),
  attempt: integer(),
  payload: v.optional(freeForm()),
  result: v.optional(freeForm()),
  metadata: v.optional(freeForm()),
  error: text,
  error_class: text,
  triggered_by: string(),
  scheduled_at: time,
  started_at: time,
  finished_at: time,
  heartbeat_at: time,
  next_retry_at: time,
  expires_at: time,
  parent_run_id: text,
  priority: integer(),
  idempotency_key: text,
  job_version: integer(),
  job_version_id: text,
  workflow_step_run_id: text,
  max_attempts_override: count,
  timeout_secs_override: count,
  retry_backoff: text,
  retry_initial_delay_secs: count,
  retry_max_delay_secs: count,
  execution_trace: v.optional(freeForm()),
  debug_mode: boolean(),
  continuation_of: text,
  lineage_depth: integer(),
  created_by: text,
  batch_id: text,
  concurrency_key: text,
  execution_mode: v.optional(v.picklist(EXECUTION_MODES)),
  queue_name: text,
  is_rollback: v.optional(boolean()),
  replayed_run_id: text,
  created_at: string({ format: "date-time" }),
});
export type Run = v.InferOutput<typeof run>;

export const runPage = pageOf(run);
