import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { batchUpdateOf } from "../../tracing/batch.ts";
import { averageScore } from "../../tracing/feedback/schema.ts";
import { tagChanges, tags } from "../../tracing/values.ts";
import { printedNumber } from "../../wire/numbers.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import {
  constrained,
  exactly,
  freeForm,
  integer,
  isBlank,
  list,
  map,
  notBlank,
  finiteNumber,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";
import { streamLimit } from "../datasets/items/schema.ts";
import { DATASET_TYPES } from "../datasets/schema.ts";
import { versionSummary } from "../datasets/versions/schema.ts";

export const EXPERIMENT_TYPES = ["regular", "trial", "mini-batch", "mutation"] as const;
export type ExperimentType = (typeof EXPERIMENT_TYPES)[number];

export const EXPERIMENT_STATUSES = ["running", "completed", "cancelled"] as const;
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

/** The method of evaluation, which follows from the type of the dataset. */
export type EvaluationMethod = (typeof DATASET_TYPES)[number];

const type = optional(exactly("experiment type", EXPERIMENT_TYPES));
const status = optional(exactly("experiment status", EXPERIMENT_STATUSES));
const evaluationMethod = optional(exactly("evaluation method", DATASET_TYPES));

const score = v.object({ name: notBlank(), value: required(finiteNumber()) });
const scores = optional(list(score));

const promptVersion = v.object({ id: required(uuid()) });

/** Body of `POST /experiments`. */
export const createExperimentRequest = v.object({
  id: optional(uuid()),
  dataset_name: notBlank(),
  project_id: optional(uuid()),
  project_name: projectName,
  name: optional(string()),
  metadata: optional(freeForm()),
  tags,
  type,
  evaluation_method: evaluationMethod,
  optimization_id: optional(uuid()),
  status,
  experiment_scores: scores,
  prompt_version: optional(promptVersion),
  prompt_versions: optional(list(promptVersion)),
  dataset_version_id: optional(uuid()),
});
export type NewExperiment = v.InferOutput<typeof createExperimentRequest>;

/** Body of `PATCH /experiments/{id}`; absent fields do not change. */
export const updateExperimentRequest = v.object({
  name: constrained(optional(string()), (name) => !isBlank(name), "must not be blank"),
  metadata: optional(freeForm()),
  type,
  status,
  experiment_scores: scores,
  ...tagChanges,
});
export type ExperimentUpdate = v.InferOutput<typeof updateExperimentRequest>;

/** Body of `PATCH /experiments/batch`. */
export const updateExperimentsRequest = batchUpdateOf(updateExperimentRequest);

/** Body of `POST /experiments/stream`. */
export const streamExperimentsRequest = v.object({
  name: notBlank(),
  limit: streamLimit,
  last_retrieved_id: optional(uuid()),
  project_name: projectName,
});
export type StreamExperiments = v.InferOutput<typeof streamExperimentsRequest>;

/** A version of a prompt that an experiment ran. */
export const promptVersionLink = v.object({
  id: string({ format: "uuid" }),
  /** The same, as the SDKs call it. */
  prompt_version_id: string({ format: "uuid" }),
  commit: optional(string()),
  prompt_id: optional(string({ format: "uuid" })),
  prompt_name: optional(string()),
});
export type PromptVersionLink = v.InferOutput<typeof promptVersionLink>;

/** The totals of the items of an experiment. */
const summaryFields = {
  trace_count: integer("int64"),
  dataset_item_count: integer("int64"),
  duration: optional(v.object({ p50: printedNumber(), p90: printedNumber(), p99: printedNumber() })),
  total_estimated_cost: optional(printedNumber()),
  total_estimated_cost_avg: optional(printedNumber()),
  usage: optional(map(printedNumber())),
  pass_rate: optional(printedNumber()),
  passed_count: optional(integer("int64")),
  total_count: optional(integer("int64")),
  feedback_scores: optional(list(averageScore)),
  assertion_scores: optional(list(averageScore)),
};
const summary = v.object(summaryFields);
export type ExperimentSummary = v.InferOutput<typeof summary>;

export const experiment = v.object({
  id: string({ format: "uuid" }),
  dataset_name: optional(string()),
  dataset_id: string({ format: "uuid" }),
  project_id: optional(string({ format: "uuid" })),
  project_name: optional(string()),
  name: string(),
  metadata: optional(freeForm()),
  tags: optional(freeForm()),
  type: required(exactly("experiment type", EXPERIMENT_TYPES)),
  evaluation_method: required(exactly("evaluation method", DATASET_TYPES)),
  optimization_id: optional(string({ format: "uuid" })),
  status: required(exactly("experiment status", EXPERIMENT_STATUSES)),
  experiment_scores: optional(freeForm()),
  prompt_version: optional(promptVersionLink),
  prompt_versions: optional(list(promptVersionLink)),
  dataset_version_id: optional(string({ format: "uuid" })),
  dataset_version_summary: optional(versionSummary),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
  ...summaryFields,
});
export type Experiment = v.InferOutput<typeof experiment>;

/** What a list of experiments can be sorted by. */
export const SORTABLE_EXPERIMENT_FIELDS = [
  "id",
  "name",
  "created_at",
  "last_updated_at",
  "created_by",
  "last_updated_by",
  "tags",
] as const;
export type SortableExperimentField = (typeof SORTABLE_EXPERIMENT_FIELDS)[number];

export const experimentPage = pageOf(experiment);
export type ExperimentPage = Page<Experiment>;
