import * as v from "valibot";
import { checkpoint } from "../../records/checkpoints/schema.ts";
import { output } from "../../records/outputs/schema.ts";
import { resourceSnapshots } from "../../records/resources/schema.ts";
import { runEvent } from "../../records/run-events/schema.ts";
import { toolCall, usage } from "../../records/usage/schema.ts";
import { run } from "../../run/schema.ts";
import {
  boolean,
  freeForm,
  integer,
  list,
  object,
  optional,
  required,
  ruled,
  string,
  time,
} from "../../wire/values.ts";

const MAX_REPLAYED = 100;
const runIds = ruled(required(list(string())), (ids) => ids.length > 0, "min");

export const rescheduleRequest = object(
  { scheduled_at: required(time()), payload: optional(freeForm()) },
  "RescheduleRunRequest",
);
export type RescheduleRequest = v.InferOutput<typeof rescheduleRequest>;

export const debugRequest = object({ debug_mode: optional(boolean()) }, "SetDebugModeRequest");
export const bulkCancelRequest = object({ run_ids: runIds }, "BulkCancelRequest");
export const bulkReplayRequest = object(
  { run_ids: ruled(runIds, (ids) => ids.length <= MAX_REPLAYED, "max") },
  "BulkReplayRunsRequest",
);

export const cancelAllRequest = object(
  {
    job_id: optional(string()),
    batch_id: optional(string()),
    triggered_by: optional(string()),
    status: optional(string()),
  },
  "BulkCancelAllRequest",
);
export type CancelAllRequest = v.InferOutput<typeof cancelAllRequest>;

/** Either the runs, or a project and how many of its runs. */
export const bulkDeadLetterRequest = object(
  {
    run_ids: optional(list(string())),
    project_id: optional(string()),
    limit: optional(integer()),
  },
  "BulkReplayDeadLetterRunsRequest",
);
export type BulkDeadLetterRequest = v.InferOutput<typeof bulkDeadLetterRequest>;

export const statusOk = v.object({ status: v.literal("ok") });
export const keyReset = v.object({ run_id: v.string(), status: v.literal("reset") });

export const bulkCanceled = v.object({
  results: v.array(v.object({ id: v.string(), status: v.string(), error: v.optional(v.string()) })),
  total: v.number(),
  canceled: v.number(),
  failed: v.number(),
});
export type BulkCanceled = v.InferOutput<typeof bulkCanceled>;

export const canceledByFilter = v.object({ canceled: v.number(), run_ids: v.nullable(v.array(v.string())) });

export const bulkReplayed = v.object({
  replayed: v.number(),
  results: v.array(
    v.object({
      original_run_id: v.string(),
      new_run_id: v.optional(v.string()),
      status: v.picklist(["replayed", "skipped", "failed"]),
      error: v.optional(v.string()),
    }),
  ),
  total: v.number(),
});
export type BulkReplayed = v.InferOutput<typeof bulkReplayed>;

export const bulkDeadLettersReplayed = v.object({ count: v.number(), replayed: v.array(run) });
export type BulkDeadLettersReplayed = v.InferOutput<typeof bulkDeadLettersReplayed>;

export const dependencyStatus = v.object({
  dependencies: v.nullable(v.array(v.unknown())),
  dependencies_satisfied: v.boolean(),
  job_id: v.string(),
  run_id: v.string(),
  status: v.string(),
});

export const debugBundle = v.object({
  run,
  events: v.array(runEvent),
  checkpoints: v.array(checkpoint),
  usage: v.array(usage),
  tool_calls: v.array(toolCall),
  outputs: v.array(output),
  resource_snapshots: resourceSnapshots,
});
