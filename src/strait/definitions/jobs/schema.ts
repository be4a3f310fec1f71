import * as v from "valibot";
import type { RawJson } from "../../../core/json.ts";
import type { Schema } from "../../../http/schema.ts";
import { EXECUTION_MODES } from "../../run/schema.ts";
import { pageOf } from "../../wire/schemas.ts";
import { isUrl } from "../../wire/url.ts";
import {
  between,
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
} from "../../wire/values.ts";

/** An object whose fields may be left out where they may be `undefined`. */
type Loose<Fields> = { [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name] } & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Fields[Name];
};

const text = optional(string());
/** Free-form JSON whose `null` is the same as left out. */
const schema: Schema<RawJson | undefined> = v.pipe(
  optional(freeForm()),
  v.transform((json) => (json?.isNull ? undefined : json)),
);

/** How the rules of a field treat Go's zero value: as absent, or as a value. */
type ZeroRule = "left out" | "a value";

/** The fields of a job that a request of the API sets, with the rules of their struct tags [strait 4.1]. */
function requestFields(zero: ZeroRule) {
  const isLeftOut = (value: string | number): boolean => zero === "left out" && !value;
  const count = (least = 0, most = Number.MAX_SAFE_INTEGER): Schema<number | undefined> =>
    ruled(
      ruled(optional(integer()), (value) => isLeftOut(value) || value >= least, "min"),
      (value) => value <= most,
      "max",
    );
  const url = ruled(text, (value) => isLeftOut(value) || isUrl(value), "url");
  const secret = ruled(
    ruled(text, (value) => isLeftOut(value) || value.length >= 16, "min"),
    (value) => value.length <= 4096,
    "max",
  );
  const choice = <const Choice extends string>(choices: readonly Choice[]): Schema<Choice | "" | undefined> =>
    optional(oneOf(zero === "left out" ? ["", ...choices] : choices));
  return {
    group_id: text,
    description: zero === "left out" ? optional(maxLength(string(), 2_000)) : text,
    cron: text,
    payload_schema: schema,
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
    dedup_window_secs: count(),
    enabled: optional(boolean()),
    run_ttl_secs: count(),
    retry_strategy: choice(["exponential", "linear", "fixed", "custom"]),
    retry_delays_secs: optional(list(integer())),
    retry_priority_boost: count(0, 10),
    // A pointer in both requests of the real server, so that zero is a value.
    poison_pill_threshold: between(optional(integer()), 1),
    environment_id: text,
    default_run_metadata: optional(stringMap()),
    version_policy: choice(["pin", "latest", "minor"]),
    cron_overlap_policy: choice(["allow", "skip", "cancel_running"]),
    result_schema: schema,
    debounce_window_secs: count(),
    batch_window_secs: count(),
    batch_max_size: count(),
    execution_mode: choice(EXECUTION_MODES),
    queue_name: text,
    on_complete_trigger_workflow: text,
    on_complete_trigger_job: text,
    on_complete_payload_mapping: schema,
    on_failure_trigger_workflow: text,
    on_failure_trigger_job: text,
    on_failure_payload_mapping: schema,
    // Limits of the generation that had usage, tool calls and iterations [strait 2.22].
    max_tokens_per_run: count(),
    max_cost_per_run_microusd: count(),
    max_tool_calls_per_run: count(),
    max_iterations_per_run: count(),
    allowed_tools: optional(list(string())),
    blocked_tools: optional(list(string())),
    endpoint_signing_secret: secret,
    webhook_secret: secret,
  };
}

const { endpoint_signing_secret, webhook_secret, ...createdFields } = requestFields("left out");
const secrets = { endpoint_signing_secret, webhook_secret };
const names = { name: maxLength(required(string()), 255), slug: maxLength(required(string()), 255) };

/** The definition of a job, as a version keeps it: more than a request of the API can set. */
const definitionFields = {
  ...createdFields,
  rate_limit_keys: schema,
  webhook_url: ruled(text, (value) => value === "" || isUrl(value), "url"),
  dlq_alert_threshold: between(optional(integer()), 0),
  queue_depth_alert_threshold: between(optional(integer()), 0),
  backwards_compatible: optional(boolean()),
};

/**
 * Body of `POST /v1/jobs`. The real server has no `webhook_url` here and takes any value; ours keeps one that is a web
 * address (an extension).
 */
export const createJobRequest = object(
  {
    project_id: text,
    ...names,
    ...createdFields,
    webhook_url: webAddress(),
    ...secrets,
  },
  "CreateJobRequest",
);

/** Body of `PATCH /v1/jobs/{id}`: what is left out stays as it is. */
export const updateJobRequest = object(
  {
    name: text,
    slug: text,
    ...requestFields("a value"),
    backwards_compatible: optional(boolean()),
    webhook_url: webAddress(),
  },
  "UpdateJobRequest",
);
export type UpdateJobRequest = v.InferOutput<typeof updateJobRequest>;

/** A job as fixtures and tests write it: everything that a definition keeps. */
export const wholeJob = object({ project_id: text, ...names, ...definitionFields, ...secrets }, "CreateJobRequest");
export type WholeJob = Loose<v.InferOutput<typeof wholeJob>>;

/** A name that must be there; a change of a job can make it empty. */
const keptName = v.pipe(
  text,
  v.metadata({ required: true }),
  v.check((name) => name !== undefined, "required"),
  v.transform(String),
);

/** A job as it is kept: what creating one does not accept, but changing one does, is right here. */
export const keptJob = object(
  { ...wholeJob.entries, name: keptName, slug: keptName, description: text },
  "CreateJobRequest",
);

/** The document in which a job is stored. */
export const jobDefinition = object(
  { name: required(string()), slug: required(string()), ...definitionFields },
  "CreateJobRequest",
);
export type JobDefinition = Loose<v.InferOutput<typeof jobDefinition>>;

/** A name whose absence the service reports, after it has looked for the job. */
const neededName = v.pipe(text, v.metadata({ required: true }));
export const cloneJobRequest = object({ name: neededName, slug: neededName }, "CloneJobRequest");
export type CloneJobRequest = v.InferOutput<typeof cloneJobRequest>;

export const pauseJobRequest = object({ reason: text }, "PauseJobRequest");

export const setEndpointRequest = object(
  {
    endpoint_url: ruled(required(string()), (value) => value === "" || isUrl(value), "url"),
    fallback_endpoint_url: createdFields.fallback_endpoint_url,
    rotate_signing_secret: optional(boolean()),
  },
  "SetJobEndpointRequest",
);
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
export type Job = Loose<v.InferOutput<typeof job>>;

export const jobPage = pageOf(job);
export const setEndpointResponse = v.object({ job, signing_secret: v.optional(string()) });

/** A superseded version as the wire shows it. */
export const jobVersion = v.object({
  id: string(),
  job_id: string(),
  version: integer(),
  version_id: string(),
  backwards_compatible: optional(boolean()),
  name: string(),
  slug: string(),
  description: text,
  cron: text,
  payload_schema: schema,
  tags: optional(stringMap()),
  endpoint_url: string(),
  fallback_endpoint_url: text,
  max_attempts: integer(),
  timeout_secs: integer(),
  webhook_url: text,
  run_ttl_secs: optional(integer()),
  created_at: dateTime,
});
export type JobVersion = v.InferOutput<typeof jobVersion>;
export const jobVersionPage = pageOf(jobVersion);

/** A URL; any other value, of any type, counts as absent. */
function webAddress(): Schema<string | undefined> {
  return v.pipe(
    v.optional(v.unknown(), () => undefined),
    v.metadata({ jsonSchema: { type: "string", format: "uri" } }),
    v.transform((value) => (value === "" || isWebAddress(value) ? value : undefined)),
  );
}

function isWebAddress(value: unknown): value is string {
  return typeof value === "string" && /^https?:/i.test(value) && isUrl(value);
}
