import * as v from "valibot";
import { averageScore } from "../../../tracing/feedback/schema.ts";
import { printedNumber } from "../../../wire/numbers.ts";
import { freeForm, integer, list, map, optional, string } from "../../../wire/values.ts";

/** Body of `GET /experiments/groups`; the groups inside have the same form. */
export const experimentGroups = v.object({
  content: map(v.object({ label: optional(string()), groups: freeForm() })),
  details: v.object({ groups_details: list(v.object({ group_sorting: list(string()) })) }),
});

export type ExperimentGroups = v.InferOutput<typeof experimentGroups>;

const aggregations = v.object({
  experiment_count: integer("int64"),
  trace_count: integer("int64"),
  total_estimated_cost: optional(printedNumber()),
  total_estimated_cost_avg: optional(printedNumber()),
  duration: optional(v.object({ p50: printedNumber(), p90: printedNumber(), p99: printedNumber() })),
  feedback_scores: optional(list(averageScore)),
  experiment_scores: optional(list(averageScore)),
});
export type Aggregations = v.InferOutput<typeof aggregations>;

/** Body of `GET /experiments/groups/aggregations`; the groups inside have the same form. */
export const aggregatedGroups = v.object({
  content: map(v.object({ label: string(), aggregations, groups: freeForm() })),
});
export type AggregatedGroups = v.InferOutput<typeof aggregatedGroups>;
