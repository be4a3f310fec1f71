import type { CommandStatus, CommandType } from "../opik/runners/bridge/schema.ts";
import type { JobStatus } from "../opik/runners/jobs/schema.ts";
import type { RunStatus } from "../strait/run/schema.ts";
import type { EventTriggerStatus } from "../strait/waits/schema.ts";

/*
 * What the APIs answer, with plain JavaScript values, which may lose what JavaScript cannot hold (`1.0`, big integers).
 */

/** A job of a runner. */
export interface PlainJob {
  id: string;
  runner_id: string;
  agent_name: string;
  project_id: string;
  status: JobStatus;
  inputs?: unknown;
  result?: unknown;
  error?: string;
  trace_id?: string;
  mask_id?: string;
  prompt_masks?: Record<string, string>;
  blueprint_name?: string;
  metadata?: Record<string, string>;
  /** Seconds that it may run. */
  timeout: number;
  created_at: string;
  started_at?: string;
  completed_at?: string;
}

/** A piece of what an agent has printed. */
export interface LogEntry {
  stream: string;
  text: string;
}

/** A runner. */
export interface PlainRunner {
  id: string;
  name: string;
  project_id: string;
  type: "connect" | "endpoint";
  status: "connected" | "disconnected";
  connected_at: string;
  agents: Array<{ name: string; timeout: number; description?: string; params?: unknown[] }>;
  capabilities: string[];
}

/** A bridge command. */
export interface PlainCommand {
  command_id: string;
  runner_id: string;
  type: CommandType;
  status: CommandStatus;
  args: unknown;
  result?: unknown;
  error?: unknown;
  timeout_seconds: number;
  submitted_at: string;
  picked_up_at?: string;
  completed_at?: string;
  duration_ms?: number;
}

/** The common fields of traces and spans. */
interface PlainRecord {
  id: string;
  project_id: string;
  name?: string;
  start_time: string;
  end_time?: string;
  input?: unknown;
  output?: unknown;
  metadata?: unknown;
  tags?: string[];
  error_info?: { exception_type?: string; message?: string; traceback?: string };
  /** Milliseconds. */
  duration?: number;
  usage?: Record<string, number>;
  total_estimated_cost?: number;
}

/** A trace. */
export interface PlainTrace extends PlainRecord {
  thread_id?: string;
  span_count: number;
  llm_span_count: number;
}

/** A span. */
export interface PlainSpan extends PlainRecord {
  trace_id: string;
  parent_span_id?: string;
  /** `general`, `llm`, `tool` or `guardrail`. */
  type?: string;
  model?: string;
  provider?: string;
}

/** An executor run. */
export interface PlainRun {
  id: string;
  job_id: string;
  project_id: string;
  status: RunStatus;
  /** Counts from 1. */
  attempt: number;
  payload?: unknown;
  result?: unknown;
  tags?: Record<string, string>;
  /** The annotations of its executor. */
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
}

/** A line of a run's history. */
export interface PlainRunEvent {
  /** `log`, `progress`, ... */
  type: string;
  level?: string;
  message: string;
  data?: unknown;
}

/** A run that was triggered, and the token of its executor. */
export interface TriggeredRun {
  id: string;
  /** What the run's executor authorizes itself with. With a job of workers, its first use starts the run. */
  run_token: string;
}

/** A wait of a run for an event. */
export interface PlainWait {
  id: string;
  event_key: string;
  project_id: string;
  job_run_id?: string;
  status: EventTriggerStatus;
  /** The payload of the event. */
  response_payload?: unknown;
  timeout_secs: number;
  requested_at: string;
  received_at?: string;
  expires_at: string;
  error?: string;
}
