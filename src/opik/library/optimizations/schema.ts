import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { averageScore } from "../../tracing/feedback/schema.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import {
  constrained,
  exactly,
  freeForm,
  freeFormOrNull,
  integer,
  isBlank,
  list,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";

export const OPTIMIZATION_STATUSES = ["running", "completed", "cancelled", "initialized", "error"] as const;
export type OptimizationStatus = (typeof OPTIMIZATION_STATUSES)[number];

const optionalText = optional(string());

/** Why an optimization failed, as its client says. */
const errorInfo = optional(v.object({ exception_type: optionalText, message: optionalText, traceback: optionalText }));

const status = exactly("optimization status", OPTIMIZATION_STATUSES);

/** Body of `POST /optimizations` and `PUT /optimizations`. */
export const optimizationRequest = v.object({
  id: optional(uuid()),
  name: optional(string()),
  dataset_name: notBlank(),
  project_name: projectName,
  project_id: optional(uuid()),
  objective_name: notBlank(),
  status: required(status),
  metadata: optional(freeForm()),
  studio_config: freeFormOrNull(),
  error_info: errorInfo,
});
export type OptimizationWrite = v.InferOutput<typeof optimizationRequest>;

/** Body of `PUT /optimizations/{id}`; absent fields do not change. */
export const optimizationUpdate = v.object({
  name: constrained(optional(string()), (name) => !isBlank(name), "must not be blank"),
  status: optional(status),
  metadata: freeFormOrNull(),
  error_info: errorInfo,
});
export type OptimizationUpdate = v.InferOutput<typeof optimizationUpdate>;

export const optimization = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  dataset_name: string(),
  dataset_id: string({ format: "uuid" }),
  project_id: optional(string({ format: "uuid" })),
  objective_name: string(),
  status: required(status),
  metadata: optional(freeForm()),
  studio_config: optional(freeForm()),
  error_info: optional(freeForm()),
  num_trials: integer("int64"),
  feedback_scores: optional(list(averageScore)),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
});
export type Optimization = v.InferOutput<typeof optimization>;

export const optimizationPage = pageOf(optimization);
export type OptimizationPage = Page<Optimization>;
