import { createHash } from "node:crypto";
import { canonicalJson } from "../../../core/canonical-json.ts";
import type { RawJson } from "../../../core/json.ts";
import { isTimezone, nextWithin } from "../../definitions/jobs/cron.ts";
import { executionModeOf, queueOf, type StoredJob, timeoutSecondsOf } from "../../definitions/jobs/job.ts";
import type { JobDefinition } from "../../definitions/jobs/schema.ts";
import { type NewRun, writeMap } from "../../run/run.ts";
import { escapeAsGo } from "../../wire/answer.ts";
import { StraitError } from "../../wire/errors.ts";
import { checkAgainstSchema } from "../../wire/payload-schema.ts";
import { secondsAfter } from "../../wire/time.ts";
import type { BulkItem } from "./schema.ts";

/** The request for one run. */
export type RunRequest = Omit<BulkItem, "idempotency_key" | "scheduled_at"> & {
  /** When it may start at the earliest, in milliseconds since the epoch; `undefined` for now, `never` for no time. */
  scheduled_at: StartTime | undefined;
};

/** Milliseconds since the epoch, or `never`. */
export type StartTime = number | "never";

/** A run that will be created, before it is stored. */
export interface RunPlan {
  run: NewRun & { payload_json: string; payload_hash: string; expires_at: number };
  /** The errors of the payload by the job's schema; an absent payload counts as `null`. */
  mistake: string | undefined;
}

const MAX_DELAY_MS = 30 * 86_400_000;
/** The default time that a run may wait to start, in addition to its job's timeout. */
export const DEFAULT_TTL_GRACE_SECONDS = 60;

/**
 * Plans a run of a job from a request [strait 4.2], whose tags and time were checked before.
 * @param now milliseconds since the epoch
 * @param defaultTtlSeconds 0 for none
 */
export function planRun(job: StoredJob, request: RunRequest, now: number, defaultTtlSeconds: number): RunPlan {
  const { definition } = job;
  const scheduledAt = typeof request.scheduled_at === "number" ? request.scheduled_at : null;
  const payload = canonicalJson(request.payload?.text ?? "{}");
  return {
    run: {
      job_id: job.id,
      project_id: job.project_id,
      triggered_by: "manual",
      status: request.scheduled_at === undefined ? "queued" : "delayed",
      priority: request.priority ?? 0,
      payload_json: payload,
      payload_hash: createHash("sha256").update(escapeAsGo(payload)).digest("hex"),
      tags_json: writeMap(new Map([...(definition.tags ?? []), ...(request.tags ?? [])])),
      metadata_json: writeMap(metadataOf(job, payload)),
      scheduled_at: scheduledAt,
      expires_at: expiryOf(job, scheduledAt ?? now, request.ttl_secs, defaultTtlSeconds),
      job_version: job.version,
      job_version_id: job.version_id,
      concurrency_key: request.concurrency_key || null,
      execution_mode: executionModeOf(definition),
      queue_name: queueOf(definition),
    },
    mistake: mistakeIn(request.payload, definition.payload_schema),
  };
}

/**
 * When a run may start: a job with an `execution_window_cron` has its runs delayed into the next minute that it names,
 * in the job's time zone. The real server applies the window only here (`triggerScheduledAt`): debounced, batched,
 * spawned and scheduled runs start at once. A run whose window never comes stays delayed until
 * it expires.
 * @param asked the requested earliest start; both in milliseconds since the epoch
 * @returns `undefined` for now
 * @throws StraitError 400 for a job whose time zone does not exist
 */
export function timeInWindow(definition: JobDefinition, asked: number | undefined, now: number): StartTime | undefined {
  const { execution_window_cron, timezone, debounce_window_secs } = definition;
  if (!execution_window_cron || debounce_window_secs) return asked;
  if (timezone && !isTimezone(timezone)) {
    throw new StraitError(400, `execution window validation failed: unknown time zone ${timezone}`);
  }
  const from = asked ?? now;
  const within = nextWithin(execution_window_cron, timezone, from) ?? "never";
  return within === from ? asked : within;
}

/** @throws StraitError 400 for a time that is over or too far away */
export function checkTime(scheduledAt: number | undefined, now: number): void {
  if (scheduledAt === undefined) return;
  if (scheduledAt <= now) throw new StraitError(400, "scheduled_at must not be in the past");
  if (scheduledAt > now + MAX_DELAY_MS) throw new StraitError(400, "scheduled_at cannot exceed 30 days from now");
}

/**
 * Until when a run of the job must have started, in milliseconds since the epoch.
 * @param from when it could start at the earliest
 */
export function expiryOf(
  job: StoredJob,
  from: number,
  ttlSeconds: number | undefined,
  defaultTtlSeconds: number,
): number {
  const { run_ttl_secs } = job.definition;
  const fallback = timeoutSecondsOf(job.definition) + DEFAULT_TTL_GRACE_SECONDS;
  return secondsAfter(from, ttlSeconds || run_ttl_secs || defaultTtlSeconds || fallback);
}

function mistakeIn(payload: RawJson | undefined, schema: RawJson | undefined): string | undefined {
  if (schema === undefined || schema.isNull) return undefined;
  return checkAgainstSchema(payload, schema);
}

/** The job's default metadata, and the payload's `dependency_key` [strait 3.1]. */
function metadataOf(job: StoredJob, payload: string): ReadonlyMap<string, string> {
  const metadata = new Map(job.definition.default_run_metadata ?? []);
  const value = payload.startsWith("{")
    ? (JSON.parse(payload) as Record<string, unknown>)["dependency_key"]
    : undefined;
  if (typeof value === "string" && value !== "") metadata.set("dependency_key", value);
  return metadata;
}
