import { lookUp } from "../../../core/look-up.ts";
import { Sql, sql } from "../../../database/sql.ts";
import { type Fields, numberIn, textOf } from "../../search/fields.ts";
import { averageScore, averageScores, CUSTOM_FIELDS, RECORD_FIELDS, RECORD_SORT_KEYS } from "../record-filters.ts";
import type { Searchable } from "../record-search.ts";

const USAGE = new Sql("usage_json");

const OF_SPAN = new Sql("workspace = spans.workspace AND entity_type = 'span' AND entity_id = spans.id");

/** What spans are filtered by [opik 7.10]. */
export const SPAN_FIELDS: Fields = {
  javaName: "SpanField",
  fields: {
    ...RECORD_FIELDS,
    type: { type: "enum", sql: textOf("type") },
    trace_id: { type: "string_exact", sql: new Sql("trace_id"), isIndexed: true },
    model: { type: "string", sql: textOf("model") },
    provider: { type: "string", sql: textOf("provider") },
    total_estimated_cost: { type: "number", sql: sql`coalesce(total_estimated_cost, 0)` },
    feedback_scores: { type: "feedback_scores_number", sql: averageScores(OF_SPAN) },
    "usage.total_tokens": { type: "number", sql: numberIn(USAGE, "$.total_tokens") },
    "usage.prompt_tokens": { type: "number", sql: numberIn(USAGE, "$.prompt_tokens") },
    "usage.completion_tokens": { type: "number", sql: numberIn(USAGE, "$.completion_tokens") },
  },
  custom: CUSTOM_FIELDS,
};

const SORT_KEYS: Readonly<Record<string, Sql>> = {
  ...RECORD_SORT_KEYS,
  type: new Sql("type"),
  trace_id: new Sql("trace_id"),
  parent_span_id: new Sql("parent_span_id"),
  created_at: new Sql("created_at"),
  last_updated_at: new Sql("rtrim(last_updated_at, 'Z')"),
  model: new Sql("model"),
  provider: new Sql("provider"),
  total_estimated_cost: new Sql("total_estimated_cost"),
};

/** How spans are searched. */
export const SEARCHABLE_SPANS: Searchable = {
  fields: SPAN_FIELDS,
  sortKey: (field) => {
    if (field.startsWith("feedback_scores.")) return averageScore(OF_SPAN, field.slice("feedback_scores.".length));
    if (field.startsWith("usage.")) return sql`${USAGE} ->> ${`$.${JSON.stringify(field.slice("usage.".length))}`}`;
    return lookUp(SORT_KEYS, field);
  },
  searched: ["type", "model", "provider"],
  excludable: [
    "name",
    "type",
    "start_time",
    "end_time",
    "input",
    "output",
    "metadata",
    "model",
    "provider",
    "tags",
    "usage",
    "error_info",
    "created_at",
    "created_by",
    "last_updated_by",
    "feedback_scores",
    "comments",
    "total_estimated_cost",
    "total_estimated_cost_version",
    "duration",
    "ttft",
    "source",
    "environment",
  ],
};
