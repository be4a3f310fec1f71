import * as v from "valibot";
import { printedNumber } from "../../wire/numbers.ts";
import { integer, list, map, optional, string } from "../../wire/values.ts";
import { averageScore } from "../feedback/schema.ts";

const percentiles = v.object({ p50: printedNumber(), p90: printedNumber(), p99: printedNumber() });

/** Statistics of the traces of a project; without traces only its id. */
const projectStats = v.object({
  project_id: string({ format: "uuid" }),
  feedback_scores: optional(list(averageScore)),
  duration: optional(percentiles),
  total_estimated_cost: optional(printedNumber()),
  total_estimated_cost_sum: optional(printedNumber()),
  usage: optional(map(printedNumber())),
  trace_count: optional(integer("int64")),
  thread_count: optional(integer("int64")),
});
export type ProjectStats = v.InferOutput<typeof projectStats>;

export const projectStatsSummary = v.object({ content: list(projectStats) });
export type ProjectStatsSummary = v.InferOutput<typeof projectStatsSummary>;
