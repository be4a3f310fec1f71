import { parseJson, RawJson, stringifyJson } from "../../../core/json.ts";
import { lazily } from "../../../core/lazily.ts";
import { integer, text } from "../../../database/column.ts";
import { type Row, Table } from "../../../database/table.ts";
import { shapeOf } from "../../../http/schema.ts";
import type { RunRow } from "../../run/run.ts";
import { formatOptionalTime, formatTime } from "../../wire/time.ts";
import { type Job, type JobDefinition, type JobVersion, jobDefinition } from "./schema.ts";

/** Jobs; times in milliseconds since the epoch. */
export const JOBS = new Table("executor_jobs", {
  id: text(),
  project_id: text(),
  slug: text().changing(),
  version: integer().changing(),
  version_id: text().changing(),
  definition_json: text().changing(),
  signing_secret: text().nullable().changing(),
  paused_at: integer().nullable().changing(),
  pause_reason: text().nullable().changing(),
  created_by: text().nullable(),
  updated_by: text().nullable().changing(),
  created_at: integer(),
  updated_at: integer().changing(),
});

/** Superseded versions of jobs; `created_at` is when the next version replaced them. */
export const JOB_VERSIONS = new Table("executor_job_versions", {
  id: text(),
  job_id: text(),
  version: integer(),
  version_id: text(),
  definition_json: text(),
  signing_secret: text().nullable(),
  created_by: text().nullable(),
  created_at: integer(),
});

export type JobRow = Row<typeof JOBS>;
export type JobVersionRow = Row<typeof JOB_VERSIONS>;

/** A job with its definition read. */
export type StoredJob = Readonly<JobRow & { definition: JobDefinition }>;

const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_TIMEOUT_SECONDS = 300;
const DEFAULT_PRIORITY_BOOST = 1;
const DEFAULT_QUEUE = "default";
const shape = lazily(() => shapeOf(jobDefinition));

/** Reads the document in which a job is stored, which `writeDefinition` has written. */
export function readDefinition(text: string): JobDefinition {
  return parseJson(text, shape()) as JobDefinition;
}

/** The definitions of rows that are kept in memory are read once. */
const storedJobs = new WeakMap<JobRow, StoredJob>();

/** The job with its definition read; its slug is the definition's. */
export function withDefinition(row: JobRow): StoredJob {
  const known = storedJobs.get(row);
  if (known !== undefined) return known;
  const definition = readDefinition(row.definition_json);
  const job = Object.freeze({ ...row, slug: definition.slug, definition });
  storedJobs.set(row, job);
  return job;
}

/** The JSON text in which a job is stored: its fields in their order, what is `undefined` left out. */
export function writeDefinition(definition: JobDefinition): string {
  return stringifyJson(definition);
}

/** The limit of attempts of a run of the job. */
export function maxAttemptsOf(definition: JobDefinition): number {
  return definition.max_attempts || DEFAULT_MAX_ATTEMPTS;
}

/** How long one attempt may take, in seconds. */
export function timeoutSecondsOf(definition: JobDefinition): number {
  return definition.timeout_secs || DEFAULT_TIMEOUT_SECONDS;
}

/** The increase of a run's priority with each retry; only a change of the job can set it to 0. */
export function priorityBoostOf(definition: JobDefinition): number {
  return definition.retry_priority_boost ?? DEFAULT_PRIORITY_BOOST;
}

/** What executes the runs of the job: its endpoint, which is called, or workers. */
export function executionModeOf(definition: JobDefinition): "http" | "worker" {
  return definition.execution_mode || "http";
}

/** The queue in which runs of the job wait for workers. */
export function queueOf(definition: JobDefinition): string {
  return definition.queue_name || DEFAULT_QUEUE;
}

/** The project of a run of the job, and the queue in which it waits. */
export function placeOf(job: StoredJob): Pick<RunRow, "job_id" | "project_id" | "execution_mode" | "queue_name"> {
  return {
    job_id: job.id,
    project_id: job.project_id,
    execution_mode: executionModeOf(job.definition),
    queue_name: queueOf(job.definition),
  };
}

/**
 * The order of a job's fields on the wire [strait 4.1]; fields that are not listed follow, authors and times come last.
 */
const FIRST_FIELDS = [
  ...["id", "project_id", "group_id", "name", "slug", "description", "cron", "payload_schema", "tags"],
  ...["endpoint_url", "fallback_endpoint_url", "max_attempts", "timeout_secs", "max_concurrency"],
  ...["max_concurrency_per_key", "execution_window_cron", "timezone", "rate_limit_max", "rate_limit_window_secs"],
  ...["rate_limit_keys", "dedup_window_secs", "enabled", "paused", "paused_at", "pause_reason", "webhook_url"],
  ...["run_ttl_secs", "retry_strategy", "retry_delays_secs", "retry_priority_boost", "dlq_alert_threshold"],
  ...["queue_depth_alert_threshold", "poison_pill_threshold", "environment_id", "default_run_metadata"],
  ...["version", "version_id", "version_policy", "backwards_compatible", "cron_overlap_policy", "result_schema"],
  ...["debounce_window_secs", "batch_window_secs", "batch_max_size", "execution_mode", "queue"],
];

/** A job as the wire shows it: fields in the real server's order, empty ones left out [strait 4.1]. */
export function toJob(job: StoredJob): Job {
  const shown = toShown(job.definition);
  return inOrder({
    id: job.id,
    project_id: job.project_id,
    ...shown,
    paused: job.paused_at !== null,
    paused_at: formatOptionalTime(job.paused_at),
    pause_reason: job.pause_reason ?? undefined,
    version: job.version,
    version_id: job.version_id,
    created_by: job.created_by ?? undefined,
    updated_by: job.updated_by ?? undefined,
    created_at: formatTime(job.created_at),
    updated_at: formatTime(job.updated_at),
  });
}

function inOrder(job: Job): Job {
  const first = FIRST_FIELDS.filter((name) => name in job).map((name) => [name, job[name as keyof Job]]);
  // Fields that are set keep their places.
  return { ...(Object.fromEntries(first) as Job), ...job };
}

/** A version as the wire shows it, in the real server's order of fields: less than the job itself. */
export function toJobVersion(row: JobVersionRow): JobVersion {
  const shown = toShown(readDefinition(row.definition_json));
  return {
    id: row.id,
    job_id: row.job_id,
    version: row.version,
    version_id: row.version_id,
    backwards_compatible: shown.backwards_compatible,
    name: shown.name,
    slug: shown.slug,
    description: shown.description,
    cron: shown.cron,
    payload_schema: shown.payload_schema,
    tags: shown.tags,
    endpoint_url: shown.endpoint_url,
    fallback_endpoint_url: shown.fallback_endpoint_url,
    max_attempts: shown.max_attempts,
    timeout_secs: shown.timeout_secs,
    webhook_url: shown.webhook_url,
    run_ttl_secs: shown.run_ttl_secs,
    created_at: formatTime(row.created_at),
  };
}

function toShown(
  definition: JobDefinition,
): Omit<JobDefinition, "queue_name"> &
  Pick<Job, "endpoint_url" | "max_attempts" | "timeout_secs" | "enabled" | "queue"> {
  const { queue_name: _, ...fields } = definition;
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
  return {
    ...(filled as typeof fields),
    name: definition.name,
    slug: definition.slug,
    endpoint_url: definition.endpoint_url ?? "",
    max_attempts: maxAttemptsOf(definition),
    timeout_secs: timeoutSecondsOf(definition),
    enabled: definition.enabled ?? true,
    retry_priority_boost: priorityBoostOf(definition) || undefined,
    version_policy: definition.version_policy || "pin",
    cron_overlap_policy: definition.cron_overlap_policy || "allow",
    execution_mode: executionModeOf(definition),
    queue: queueOf(definition),
  };
}

function isEmpty(value: unknown): boolean {
  if (value instanceof Map) return value.size === 0;
  if (value instanceof RawJson) return value.isNull;
  return value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
}
