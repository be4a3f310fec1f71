import { stringifyJson } from "../core/json.ts";
import type { LocalEvents } from "../opik-local.ts";
import type { RunEventNotice } from "../strait/events.ts";
import { type RunRow, toRun } from "../strait/run/run.ts";
import type { RunStatus } from "../strait/run/state-machine.ts";

/** A job of executor runs to create. */
export interface NewTestExecutorJob {
  /** By which it is referred to; unique in its project. */
  slug: string;
  /** Default: the slug. */
  name?: string;
  /** Default: `default`. */
  project?: string;
  /** Where its runs are pushed to, or `opik://<project>/<agent>`. Jobs of workers need none. */
  endpoint_url?: string;
  /**
   * `http`, the default, pushes runs to the endpoint; `worker` leaves them to clients that fetch them or have their
   * token.
   */
  execution_mode?: "http" | "worker";
  /** How often a run is tried at most. Default: 3. */
  max_attempts?: number;
  /** How long an attempt may take. Default: 300. */
  timeout_secs?: number;
  /** Any other field of `POST /v1/jobs`, by its name there. */
  [field: string]: unknown;
}

/** A run to trigger. */
export interface NewTestRun {
  /** Slug or id of the job. */
  job: string;
  /** The project of the slug. Default: `default`. */
  project?: string;
  /** What the executor is given; any JSON. */
  payload?: unknown;
  /** A second trigger with the same key gives the same run. */
  idempotency_key?: string;
  /** Any other field of `POST /v1/jobs/{id}/trigger`, by its name there: `tags`, `scheduled_at`, `priority`. */
  [field: string]: unknown;
}

/** A run that was triggered, and the token of its executor. */
export interface TriggeredRun {
  id: string;
  /** What the run's executor authorizes itself with. With a job of workers, its first use starts the run. */
  run_token: string;
}

/** An executor run as tests see it: with plain values, which may lose what JavaScript cannot hold (`1.0`, big integers). */
export interface TestRun {
  id: string;
  job_id: string;
  project_id: string;
  status: RunStatus;
  /** Counts from 1. */
  attempt: number;
  payload?: unknown;
  result?: unknown;
  tags?: Record<string, string>;
  /** What its executor has annotated it with. */
  metadata?: Record<string, string>;
  error?: string;
  error_class?: string;
  /** `manual`, `cron`, `spawn`, `job_chain`, ... */
  triggered_by: string;
  priority: number;
  job_version: number;
  parent_run_id?: string;
  continuation_of?: string;
  replayed_run_id?: string;
  batch_id?: string;
  concurrency_key?: string;
  idempotency_key?: string;
  created_at: string;
  scheduled_at?: string;
  started_at?: string;
  finished_at?: string;
  heartbeat_at?: string;
  /** When it is tried again. */
  next_retry_at?: string;
  expires_at?: string;
  /** Its history: what its executor has logged so far, and what the server has noted. */
  events: TestRunEvent[];
}

/** A line of a run's history. */
export interface TestRunEvent {
  /** `log`, `progress`, ... */
  type: string;
  level?: string;
  message: string;
  data?: unknown;
}

export function toTestRun(row: RunRow, history: readonly RunEventNotice[]): TestRun {
  const run = JSON.parse(stringifyJson(toRun(row))) as Omit<TestRun, "events">;
  return { ...run, events: history.map(toTestRunEvent) };
}

function toTestRunEvent({ type, level, message, data }: RunEventNotice): TestRunEvent {
  return {
    type,
    message,
    ...(level === undefined ? {} : { level }),
    ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
  };
}

/** Whether an event changes a run. */
export function isAboutRun(id: string, name: string, payload: unknown): boolean {
  if (name === "run:status:changed") return (payload as LocalEvents["run:status:changed"]).run.id === id;
  return name === "run:event:appended" && (payload as LocalEvents["run:event:appended"]).event.run_id === id;
}

export function describeRun(id: string, run: TestRun | undefined): string {
  if (run === undefined) return `there is no run ${id}`;
  return `the run ${id} is ${run.status}${run.error === undefined ? "" : ` (${run.error})`}`;
}
