import * as v from "valibot";
import { projectName } from "../../../projects/schema.ts";
import { comments } from "../../../tracing/comments/schema.ts";
import { feedbackScore } from "../../../tracing/feedback/schema.ts";
import { BATCH_SIZE, isBatch } from "../../../wire/id-batch.ts";
import { printedNumber } from "../../../wire/numbers.ts";
import {
  boolean,
  constrained,
  exactly,
  freeForm,
  integer,
  list,
  map,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../../wire/values.ts";
import { columnsOfPage, datasetItemFields, itemPageOf, streamLimit } from "../../datasets/items/schema.ts";
import { executionPolicy } from "../../datasets/versions/schema.ts";

const item = v.object({
  id: optional(uuid()),
  experiment_id: required(uuid()),
  dataset_item_id: required(uuid()),
  trace_id: required(uuid()),
  project_name: projectName,
  execution_policy: optional(executionPolicy),
});
export type ExperimentItemWrite = v.InferOutput<typeof item>;

/** Body of `POST /experiments/items`. */
export const createItemsRequest = v.object({
  experiment_items: constrained(required(list(required(item))), isBatch, BATCH_SIZE),
});

/** Body of `POST /experiments/items/stream`. */
export const streamItemsRequest = v.object({
  experiment_name: notBlank(),
  limit: streamLimit,
  last_retrieved_id: optional(uuid()),
  truncate: optional(boolean()),
  project_name: optional(string()),
});

const referenceFields = {
  id: string({ format: "uuid" }),
  experiment_id: string({ format: "uuid" }),
  dataset_item_id: string({ format: "uuid" }),
  trace_id: string({ format: "uuid" }),
  project_id: optional(string({ format: "uuid" })),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
};

/** An item by itself. */
export const experimentItemReference = v.object(referenceFields);
export type ExperimentItemReference = v.InferOutput<typeof experimentItemReference>;

const assertionResult = v.object({ value: string(), passed: boolean(), reason: optional(string()) });
export type AssertionResult = v.InferOutput<typeof assertionResult>;

const passedOrFailed = exactly("run status", ["passed", "failed"]);

/** An item with the results of its trace. */
export const experimentItem = v.object({
  ...referenceFields,
  input: optional(freeForm()),
  output: optional(freeForm()),
  trace_metadata: optional(freeForm()),
  total_estimated_cost: optional(printedNumber()),
  duration: optional(printedNumber()),
  usage: optional(map(integer("int64"))),
  trace_visibility_mode: optional(string()),
  execution_policy: optional(freeForm()),
  feedback_scores: optional(list(feedbackScore)),
  comments,
  assertion_results: optional(list(assertionResult)),
  status: optional(passedOrFailed),
});
export type ExperimentItem = v.InferOutput<typeof experimentItem>;

const runSummary = v.object({ passed_runs: integer(), total_runs: integer(), status: required(passedOrFailed) });
export type RunSummary = v.InferOutput<typeof runSummary>;

/** A dataset item with the items of experiments that ran it. */
const comparedItem = v.object({
  ...datasetItemFields,
  experiment_items: list(experimentItem),
  run_summaries_by_experiment: optional(map(runSummary)),
});
export type ComparedItem = v.InferOutput<typeof comparedItem>;

export const comparedItemPage = itemPageOf(comparedItem);
export const outputColumns = columnsOfPage;
