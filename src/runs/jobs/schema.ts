import * as v from "valibot";
import { EXECUTION_MODES } from "../runs/schema.ts";
import { pageOf } from "../wire/schemas.ts";
import { isUrl } from "../wire/url.ts";
import {
  boolean,
  freeForm,
  integer,
  list,
  maxLength,
  object,
  oneOf,
  optional,
  required,
  ruled,
  string,
  stringMap,
} from "../wire/values.ts";

const shortText = optional(maxLength(string(), 255));
const text = optional(string());
/** Zero is the same as left out, so it breaks no rule. */
const count = (least = 0, most = Number.MAX_SAFE_INTEGER): ReturnType<typeof optional<number>> =>
  ruled(
    ruled(optional(integer()), (value) => value === 0 || value >= least, "min"),
    (value) => value <= most,
    "max",
  );
const url = ruled(text, (value) => value === "" || isUrl(value), "url");
const secret = ruled(
  ruled(text, (value) => value === "" || value.length >= 16, "min"),
  (value) => value.length <= 4096,
  "max",
);

/** What a job is made of and what a version of it remembers (facts 4.1). */
const definitionFields = {
  group_id: text,
  description: optional(maxLength(string(), 2_000)),
  cron: text,
  payload_schema: optional(freeForm()),
  tags: optional(stringMap()),
  endpoint_url: url,
  fallback_endpoint_url: url,
  max_attempts: count(1, 100),
  timeout_secs: count(1),
  max_concurrency: count(),
  max_concurrency_per_key: count(),
  execution_window_cron: text,
  timezone: text,
  rate_limit_max: count(),
  rate_limit_window_secs: count(),
  rate_limit_keys: optional(freeForm()),
  dedup_window_secs: count(),
  enabled: optional(boolean()),
  webhook_url: url,
  run_ttl_secs: count(),
  retry_strategy: optional(oneOf(["", "exponential", "linear", "fixed", "custom"])),
  retry_delays_secs: optional(list(integer())),
  retry_priority_boost: count(0, 10),
  dlq_alert_threshold: count(),
  queue_depth_alert_threshold: count(),
  poison_pill_threshold: count(1),
  environment_id: text,
  default_run_metadata: optional(stringMap()),
  version_policy: optional(oneOf(["", "pin", "latest", "minor"])),
  backwards_compatible: optional(boolean()),
  cron_overlap_policy: optional(oneOf(["", "allow", "skip", "cancel_running"])),
  result_schema: optional(freeForm()),
  debounce_window_secs: count(),
  batch_window_secs: count(),
  batch_max_size: count(),
  execution_mode: optional(oneOf(["", ...EXECUTION_MODES])),
  queue_name: text,
  on_complete_trigger_workflow: text,
  on_complete_trigger_job: text,
  on_complete_payload_mapping: optional(freeForm()),
  on_failure_trigger_workflow: text,
  on_failure_trigger_job: text,
  on_failure_payload_mapping: optional(freeForm()),
  // Limits of the generation that had usage, tool calls and iterations (facts 2.22).
  max_tokens_per_run: count(),
  max_cost_per_run_microusd: count(),
  max_tool_calls_per_run: count(),
  max_iterations_per_run: count(),
  allowed_tools: optional(list(string())),
  blocked_tools: optional(list(string())),
};

/** Body of `POST /v1/jobs`. */
export const createJobRequest = object({
  project_id: text,
  name: maxLength(required(string()), 255),
  slug: maxLength(required(string()), 255),
  ...definitionFields,
  endpoint_signing_secret: secret,
  webhook_secret: secret,
});
export type CreateJobRequest = v.InferOutput<typeof createJobRequest>;

/** Body of `PATCH /v1/jobs/{id}`: what is left out stays as it is. */
export const updateJobRequest = object({
  name: shortText,
  slug: shortText,
  ...definitionFields,
  endpoint_signing_secret: secret,
  webhook_secret: secret,
});
export type UpdateJobRequest = v.InferOutput<typeof updateJobRequest>;

/** The document that is kept of a job. */
export const jobDefinition = object({ name: required(string()), slug: required(string()), ...definitionFields });
export type JobDefinition = v.InferOutput<typeof jobDefinition>;

export const cloneJobRequest = object({
  name: maxLength(required(string()), 255),
  slug: maxLength(required(string()), 255),
});
export type CloneJobRequest = v.InferOutput<typeof cloneJobRequest>;

export const pauseJobRequest = object({ reason: optional(maxLength(string(), 500)) });

export const setEndpointRequest = object({
  endpoint_url: ruled(required(string()), (value) => value === "" || isUrl(value), "url"),
  fallback_endpoint_url: url,
  rotate_signing_secret: optional(boolean()),
});
export type SetEndpointRequest = v.InferOutput<typeof setEndpointRequest>;

const dateTime = string({ format: "date-time" });
const { queue_name: _, ...shownFields } = definitionFields;

/** A job as the wire shows it. */
export const job = v.object({
  id: string(),
  project_id: string(),
  name: string(),
  slug: string(),
  ...shownFields,
  endpoint_url: string(),
  max_attempts: integer(),
  timeout_secs: integer(),
  enabled: boolean(),
  paused: boolean(),
  paused_at: v.optional(dateTime),
  pause_reason: v.optional(string()),
  queue: v.optional(string()),
  version: integer(),
  version_id: v.optional(string()),
  created_by: v.optional(string()),
  updated_by: v.optional(string()),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Job = v.InferOutput<typeof job>;

export const jobPage = pageOf(job);
export const setEndpointResponse = v.object({ job, signing_secret: v.optional(string()) });

export const jobVersion = v.object({
  id: string(),
  job_id: string(),
  version: integer(),
  version_id: string(),
  name: string(),
  slug: string(),
  ...shownFields,
  endpoint_url: string(),
  max_attempts: integer(),
  timeout_secs: integer(),
  queue: v.optional(string()),
  created_by: v.optional(string()),
  created_at: dateTime,
});
export type JobVersion = v.InferOutput<typeof jobVersion>;
export const jobVersionPage = pageOf(jobVersion);
