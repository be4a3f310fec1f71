import * as v from "valibot";
import {
  between,
  boolean,
  freeForm,
  integer,
  list,
  maxLength,
  object,
  optional,
  required,
  ruled,
  string,
  stringMap,
  time,
} from "../../wire/values.ts";

const MAX_TTL_SECONDS = 2_592_000;
const key = optional(maxLength(string(), 256));

/** The fields of a run that is triggered, alone or among many [strait 4.2, 4.3]. */
const runFields = {
  payload: optional(freeForm()),
  tags: optional(stringMap()),
  scheduled_at: optional(time()),
  priority: between(optional(integer()), 0, 10),
  ttl_secs: between(optional(integer()), 0, MAX_TTL_SECONDS),
  concurrency_key: key,
};

/** Body of `POST /v1/jobs/{id}/trigger`. */
export const triggerRequest = object(
  {
    ...runFields,
    dry_run: optional(boolean()),
    debounce_key: key,
    batch_key: key,
  },
  "TriggerRequest",
);
export type TriggerRequest = v.InferOutput<typeof triggerRequest>;

const bulkItem = object(
  { ...runFields, ttl_secs: optional(integer()), idempotency_key: optional(string()) },
  "BulkTriggerItem",
);
export type BulkItem = v.InferOutput<typeof bulkItem>;

/** Body of `POST /v1/jobs/{id}/trigger/bulk`. */
export const bulkTriggerRequest = object(
  {
    items: ruled(required(list(bulkItem)), (items) => items.length > 0, "min"),
  },
  "BulkTriggerRequest",
);
export type BulkTriggerRequest = v.InferOutput<typeof bulkTriggerRequest>;

export const triggerResponse = v.object({
  id: v.optional(v.string()),
  status: v.optional(v.string()),
  payload_hash: v.optional(v.string()),
  idempotency_hit: v.optional(v.boolean()),
  run_token: v.optional(v.string()),
  debounced: v.optional(v.boolean()),
  fire_at: v.optional(v.string()),
  buffered: v.optional(v.boolean()),
  batch: v.optional(v.boolean()),
});

export const dryRunResponse = v.object({
  job: v.object({
    id: v.string(),
    name: v.string(),
    slug: v.string(),
    execution_mode: v.string(),
    queue: v.optional(v.string()),
    timeout_secs: v.number(),
    max_attempts: v.number(),
    version: v.number(),
    version_id: v.optional(v.string()),
  }),
  payload_hash: v.string(),
  payload: freeForm(),
  scheduled_at: v.optional(v.string()),
  expires_at: v.string(),
  validation_warnings: v.optional(v.array(v.string())),
});
export type DryRun = v.InferOutput<typeof dryRunResponse>;

export const bulkTriggerResponse = v.object({
  batch_id: v.string(),
  results: v.array(v.object({ id: v.string(), status: v.string(), idempotency_hit: v.boolean() })),
  total: v.number(),
  created: v.number(),
});
export type BulkTriggered = v.InferOutput<typeof bulkTriggerResponse>;
