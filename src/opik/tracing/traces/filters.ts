import { lookUp } from "../../../core/look-up.ts";
import { Sql, sql } from "../../../database/sql.ts";
import { type Fields, textOf } from "../../search/fields.ts";
import {
  annotationQueuesOf,
  averageScore,
  averageScores,
  CUSTOM_FIELDS,
  RECORD_FIELDS,
  RECORD_SORT_KEYS,
} from "../record-filters.ts";
import type { Searchable } from "../record-search.ts";

/** A sum over the spans of a trace, 0 without any. */
function sumOfSpans(summed: Sql): Sql {
  return sql`(SELECT coalesce(sum(${summed}), 0) FROM spans
    WHERE spans.workspace = traces.workspace AND spans.trace_id = traces.id)`;
}

function usageOfSpans(kind: string): Sql {
  return sumOfSpans(sql`spans.usage_json ->> ${`$.${JSON.stringify(kind)}`}`);
}

const LLM_SPAN_COUNT = sumOfSpans(sql`spans.type = 'llm'`);
const TOTAL_ESTIMATED_COST = sumOfSpans(new Sql("spans.total_estimated_cost"));

const OF_TRACE = new Sql("workspace = traces.workspace AND entity_type = 'trace' AND entity_id = traces.id");
const OF_SPANS = new Sql(
  `workspace = traces.workspace AND entity_type = 'span' AND entity_id IN
    (SELECT spans.id FROM spans WHERE spans.workspace = traces.workspace AND spans.trace_id = traces.id)`,
);

/** The last experiment that a trace is in; `''` without one. */
const EXPERIMENT_ID = new Sql(
  `coalesce((SELECT experiment_id FROM trace_experiments
     WHERE trace_experiments.workspace = traces.workspace AND trace_experiments.trace_id = traces.id
     ORDER BY trace_experiments.id DESC LIMIT 1), '')`,
);

/** What traces are filtered by [opik 7.10]. */
export const TRACE_FIELDS: Fields = {
  javaName: "TraceField",
  fields: {
    ...RECORD_FIELDS,
    thread_id: { type: "string_exact", sql: textOf("thread_id") },
    experiment_id: { type: "string_exact", sql: EXPERIMENT_ID },
    total_estimated_cost: { type: "number", sql: TOTAL_ESTIMATED_COST },
    llm_span_count: { type: "number", sql: LLM_SPAN_COUNT },
    "usage.total_tokens": { type: "number", sql: usageOfSpans("total_tokens") },
    "usage.prompt_tokens": { type: "number", sql: usageOfSpans("prompt_tokens") },
    "usage.completion_tokens": { type: "number", sql: usageOfSpans("completion_tokens") },
    feedback_scores: { type: "feedback_scores_number", sql: averageScores(OF_TRACE) },
    span_feedback_scores: { type: "feedback_scores_number", sql: averageScores(OF_SPANS) },
    annotation_queue_ids: { type: "list", sql: annotationQueuesOf("traces") },
    visibility_mode: { type: "enum", sql: sql`iif(start_time IS NULL, '', 'default')` },
  },
  custom: CUSTOM_FIELDS,
};

/** What an expression on the columns of traces gives for one trace, as a part of another query. */
export function valueOfTrace(workspace: Sql, traceId: Sql, value: Sql): Sql {
  return sql`(SELECT ${value} FROM traces WHERE traces.workspace = ${workspace} AND traces.id = ${traceId})`;
}

const SORT_KEYS: Readonly<Record<string, Sql>> = {
  ...RECORD_SORT_KEYS,
  thread_id: new Sql("thread_id"),
  span_count: sumOfSpans(sql`1`),
  llm_span_count: LLM_SPAN_COUNT,
  total_estimated_cost: TOTAL_ESTIMATED_COST,
  experiment_id: sql`nullif(${EXPERIMENT_ID}, '')`,
  environment: new Sql("environment"),
};

/** How traces are searched. */
export const SEARCHABLE_TRACES: Searchable = {
  fields: TRACE_FIELDS,
  sortKey: (field) => {
    if (field.startsWith("feedback_scores.")) return averageScore(OF_TRACE, field.slice("feedback_scores.".length));
    if (field.startsWith("usage.")) return usageOfSpans(field.slice("usage.".length));
    return lookUp(SORT_KEYS, field);
  },
  searched: ["thread_id"],
  excludable: [
    "name",
    "start_time",
    "end_time",
    "input",
    "output",
    "metadata",
    "tags",
    "error_info",
    "usage",
    "created_at",
    "created_by",
    "last_updated_by",
    "feedback_scores",
    "span_feedback_scores",
    "comments",
    "guardrails_validations",
    "total_estimated_cost",
    "span_count",
    "llm_span_count",
    "has_tool_spans",
    "duration",
    "ttft",
    "thread_id",
    "visibility_mode",
    "providers",
    "experiment",
    "source",
    "environment",
  ],
};
