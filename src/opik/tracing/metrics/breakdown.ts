import * as v from "valibot";
import { isBlank, loosely, optional, string } from "../../wire/values.ts";
import type { GroupedRow } from "../record-table.ts";
import { METRICS, type Metric, type MetricType } from "./metrics.ts";
import type { Curve } from "./series.ts";

const FIELDS = ["none", "tags", "metadata", "name", "error_info", "error_type", "model", "provider", "type"] as const;
type BreakdownField = (typeof FIELDS)[number];

/** How a metric is split into groups [opik 7.18]. */
export const breakdown = v.object({
  field: optional(loosely("com.comet.opik.api.metrics.BreakdownField", FIELDS, FIELDS.join(", "))),
  metadata_key: optional(string()),
  sub_metric: optional(string()),
});
type BreakdownInput = v.InferOutput<typeof breakdown>;

/** A breakdown by a field. */
export interface Breakdown {
  field: Exclude<BreakdownField, "none">;
  metadataKey: string;
  subMetric: string;
}

/** Metrics that can be split, each with what a request must name besides the field. */
const SPLIT: Readonly<Partial<Record<MetricType, "percentile" | "score" | "tokens" | "nothing">>> = {
  duration: "percentile",
  trace_count: "nothing",
  token_usage: "tokens",
  cost: "nothing",
  feedback_scores: "score",
  guardrails_failed_count: "nothing",
  thread_count: "nothing",
  thread_duration: "percentile",
  thread_feedback_scores: "score",
  span_count: "nothing",
  span_duration: "percentile",
  span_token_usage: "tokens",
  span_feedback_scores: "score",
};

/** The kinds of records that have a field, and how the error names them. */
const HAVING: Readonly<Record<Breakdown["field"], readonly [kinds: ReadonlySet<string>, names: string]>> = {
  tags: [new Set(["traces", "spans", "threads"]), "Trace, Span, and Thread metrics"],
  metadata: [new Set(["traces", "spans"]), "Trace and Span metrics"],
  name: [new Set(["traces", "spans"]), "Trace and Span metrics"],
  error_info: [new Set(["traces", "spans"]), "Trace and Span metrics"],
  error_type: [new Set(["traces", "spans"]), "Trace and Span metrics"],
  model: [new Set(["spans"]), "Span metrics only"],
  provider: [new Set(["spans"]), "Span metrics only"],
  type: [new Set(["spans"]), "Span metrics only"],
};

const PERCENTILES: ReadonlySet<string> = new Set(["p50", "p90", "p99"]);

/** What is wrong with a breakdown, and whether it is its `sub_metric`. */
export interface BreakdownMistake {
  message: string;
  ofSubMetric: boolean;
}

/** The breakdown of a request; `undefined` for none. */
export function breakdownOf(given: BreakdownInput | undefined): Breakdown | undefined {
  const { field = "none", metadata_key = "", sub_metric = "" } = given ?? {};
  return field === "none" ? undefined : { field, metadataKey: metadata_key, subMetric: sub_metric };
}

/** Checks a breakdown of a metric as the real server does. */
export function mistakeOf(
  metricType: MetricType,
  { field, metadataKey, subMetric }: Breakdown,
): BreakdownMistake | undefined {
  const wrong = (message: string, ofSubMetric = false): BreakdownMistake => ({ message, ofSubMetric });
  if (field === "metadata" && isBlank(metadataKey)) {
    return wrong("metadata_key is required when group by field is 'metadata'");
  }
  const [kinds, names] = HAVING[field];
  const needed = SPLIT[metricType];
  if (needed === undefined || !kinds.has(METRICS[metricType].of)) {
    const type = metricType.toUpperCase();
    return wrong(
      `Group by field '${field}' is not compatible with metric type '${type}'. This field supports ${names}.`,
    );
  }
  if (needed === "nothing") return undefined;
  if (isBlank(subMetric)) return wrong(`sub_metric is required for ${REQUIRED[needed]}`, true);
  if (needed === "percentile" && !PERCENTILES.has(subMetric.toLowerCase())) {
    return wrong(`Invalid sub_metric '${subMetric}'. Valid values: p50, p90, p99`, true);
  }
  return undefined;
}

const REQUIRED = {
  percentile: "duration metrics with breakdown. Valid values: p50, p90, p99",
  score: "feedback scores metrics with breakdown. It should be the feedback score name.",
  tokens:
    "token usage metrics with breakdown. It should be the usage key name (e.g., completion_tokens, prompt_tokens).",
} as const;

/** The series of a metric that a breakdown splits. */
export function seriesOf({ series }: Metric, { subMetric }: Breakdown): string {
  const [only] = series;
  if (series.length === 1 && only !== undefined) return only;
  return series.find((name) => name.endsWith(`.${subMetric.toLowerCase()}`)) ?? subMetric;
}

const UNKNOWN = "Unknown";

/** The groups of a record: one, or one for each of its tags. */
export function groupsOf(row: GroupedRow, { field, metadataKey }: Breakdown): string[] {
  switch (field) {
    case "tags": {
      const tags = JSON.parse(row.tags_json ?? "[]") as string[];
      return tags.length === 0 ? [UNKNOWN] : tags;
    }
    case "metadata":
      return [textAt(row.metadata_json, metadataKey)];
    case "error_info":
      return [row.error_info_json ? "Has Error" : "No Error"];
    case "error_type":
      return [row.error_info_json ? textAt(row.error_info_json, "exception_type") || "Unknown Error" : "No Error"];
    case "name":
      return [row.name ?? ""];
    case "model":
    case "provider":
      return [row[field] || UNKNOWN];
    case "type":
      return [row.type ?? "unknown"];
  }
}

/** The text in a field of an object of JSON; empty when it is something else. */
function textAt(json: string | null | undefined, key: string): string {
  const value: unknown = JSON.parse(json ?? "null");
  const field = typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
  return typeof field === "string" ? field : "";
}

/** The number of groups that are reported by themselves. */
const MOST_GROUPS = 10;

/** The groups with the greatest sums, the greatest first, and behind them the points of all others as one. */
export function greatest(curves: readonly Curve[]): Curve[] {
  const sumOf = ({ data }: Curve): number => data.reduce((sum, { value }) => sum + Number(value.parse()), 0);
  const sorted = curves.toSorted((one, other) => sumOf(other) - sumOf(one));
  const others = sorted.slice(MOST_GROUPS).flatMap(({ data }) => data);
  return [...sorted.slice(0, MOST_GROUPS), ...(others.length === 0 ? [] : [{ name: "__others__", data: others }])];
}
