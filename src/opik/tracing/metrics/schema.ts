import * as v from "valibot";
import { filterList } from "../../search/filters.ts";
import { printedNumber } from "../../wire/numbers.ts";
import { exactly, list, loosely, optional, required, string, uuid } from "../../wire/values.ts";
import { SEARCHABLE_SPANS } from "../spans/filters.ts";
import { THREAD_FIELDS } from "../threads/filters.ts";
import { SEARCHABLE_TRACES } from "../traces/filters.ts";
import { instant } from "../values.ts";
import { breakdown, breakdownOf, mistakeOf } from "./breakdown.ts";
import { METRIC_TYPES } from "./metrics.ts";
import { INTERVALS } from "./time-buckets.ts";

const requiredInstant = required(instant);

/** Body of `POST /projects/{id}/kpi-cards`. */
export const kpiCardRequest = v.object({
  entity_type: required(
    loosely("com.comet.opik.api.metrics.KpiCardRequest$EntityType", ["traces", "spans", "threads"]),
  ),
  /** A list of filters as JSON text, like the query parameter of the lists. */
  filters: optional(string()),
  interval_start: requiredInstant,
  /** Default now. */
  interval_end: optional(instant),
});
export type KpiCardRequest = v.InferOutput<typeof kpiCardRequest>;

export const kpiCards = v.object({
  stats: list(
    v.object({
      type: exactly("type", ["count", "avg_duration", "total_cost", "errors"]),
      current_value: printedNumber(),
      previous_value: printedNumber(),
    }),
  ),
});
export type KpiCards = v.InferOutput<typeof kpiCards>;

/** Body of `POST /projects/{id}/metrics`. */
const projectMetricFields = v.object({
  metric_type: required(loosely("com.comet.opik.api.metrics.MetricType", METRIC_TYPES)),
  interval: required(loosely("com.comet.opik.api.TimeInterval", INTERVALS)),
  interval_start: requiredInstant,
  /** Default now. */
  interval_end: optional(instant),
  trace_filters: optional(filterList(SEARCHABLE_TRACES.fields)),
  span_filters: optional(filterList(SEARCHABLE_SPANS.fields)),
  thread_filters: optional(filterList(THREAD_FIELDS)),
  breakdown: optional(breakdown),
});
export const projectMetricRequest = v.pipe(
  projectMetricFields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    const split = breakdownOf(input.breakdown);
    const mistake = split && mistakeOf(input.metric_type, split);
    if (mistake === undefined) return;
    const keys = mistake.ofSubMetric ? ["breakdown", "sub_metric"] : ["breakdown"];
    const path = keys.map((key) => ({ type: "object" as const, origin: "value" as const, input, key, value: input }));
    addIssue({ message: mistake.message, path: path as [(typeof path)[number], ...typeof path] });
  }),
);
export type ProjectMetricRequest = v.InferOutput<typeof projectMetricRequest>;

const dataPoint = v.object({ time: string({ format: "date-time" }), value: printedNumber() });

export const projectMetric = v.object({
  project_id: uuid(),
  metric_type: string(),
  interval: string(),
  results: list(v.object({ name: string(), data: list(dataPoint) })),
});
export type ProjectMetric = v.InferOutput<typeof projectMetric>;

export const tokenNames = v.object({ names: list(string()) });

/** Body of `POST /workspaces/token-usage/names`. */
export const tokenNamesRequest = v.object({ project_ids: optional(list(required(uuid()))) });
export type TokenNamesRequest = v.InferOutput<typeof tokenNamesRequest>;

const ofWorkspace = {
  /** Default all projects together. */
  project_ids: optional(list(uuid())),
  interval_start: requiredInstant,
  interval_end: requiredInstant,
};

/** Body of `POST /workspaces/metrics` and `/workspaces/costs`. */
export const workspaceMetricRequest = v.object({ ...ofWorkspace, name: optional(string()) });
export type WorkspaceMetricRequest = v.InferOutput<typeof workspaceMetricRequest>;

export const workspaceMetric = v.object({
  results: list(v.object({ project_id: optional(uuid()), name: string(), data: list(dataPoint) })),
});
export type WorkspaceMetric = v.InferOutput<typeof workspaceMetric>;

/** Body of `POST /workspaces/metrics/spans`. */
export const spanMetricRequest = v.object({
  /** Default all projects. */
  project_ids: optional(list(required(uuid()))),
  metric_type: optional(loosely("com.comet.opik.api.metrics.MetricType", METRIC_TYPES)),
  interval: optional(loosely("com.comet.opik.api.TimeInterval", INTERVALS)),
  interval_start: requiredInstant,
  /** Default now. */
  interval_end: optional(instant),
  filters: optional(filterList(SEARCHABLE_SPANS.fields)),
  breakdown: optional(breakdown),
});
export type SpanMetricRequest = v.InferOutput<typeof spanMetricRequest>;

/** Body of `POST /workspaces/metrics/summaries` and `/workspaces/costs/summaries`. */
export const workspaceSummaryRequest = v.object(ofWorkspace);
export type WorkspaceSummaryRequest = v.InferOutput<typeof workspaceSummaryRequest>;

export const workspaceSummary = v.object({ name: string(), current: printedNumber(), previous: printedNumber() });
export const workspaceSummaries = v.object({ results: list(workspaceSummary) });
export type WorkspaceSummary = v.InferOutput<typeof workspaceSummary>;
