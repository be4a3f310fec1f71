import { Sql, sql } from "../../../../database/sql.ts";
import type { Field, Fields } from "../../../search/fields.ts";
import { jsonPaths } from "../../../search/json-path.ts";
import { contains } from "../../../search/text-match.ts";
import { averageScore, averageScores } from "../../../tracing/record-filters.ts";
import { TRACE_FIELDS, valueOfTrace } from "../../../tracing/traces/filters.ts";
import { ITEM_FIELDS, valueOfNewestItem } from "../../datasets/items/filters.ts";

const WORKSPACE = new Sql("experiment_items.workspace");
const TRACE_ID = new Sql("experiment_items.trace_id");

const ofTrace = (value: Sql): Sql => valueOfTrace(WORKSPACE, TRACE_ID, value);
const ofItem = (value: Sql): Sql => valueOfNewestItem(WORKSPACE, new Sql("experiment_items.dataset_item_id"), value);

const SCORES = new Sql(
  `workspace = experiment_items.workspace AND entity_type = 'trace' AND entity_id = experiment_items.trace_id`,
);

/** The fields of traces, and those of items of datasets, that comparisons are filtered by. */
const OF_TRACES = ["duration", "output", "total_estimated_cost", "usage.total_tokens"] as const;
const OF_ITEMS = [
  ...["id", "source", "trace_id", "span_id", "tags"],
  ...["created_at", "last_updated_at", "created_by", "last_updated_by"],
] as const;

/** Names such as `output.answer`, `metadata.model` and `data.question`: a column of JSON and a key in it. */
const DYNAMIC = /^(input|output|metadata|data)\.(.+)$/s;

function valueIn(name: string): Sql | undefined {
  const [, column = "", key = ""] = DYNAMIC.exec(name) ?? [];
  if (column === "") return undefined;
  const [path] = jsonPaths(key);
  const value = sql`${new Sql(`${column}_json`)} ->> ${path}`;
  return column === "data" ? ofItem(value) : ofTrace(value);
}

/** What comparisons of experiments are filtered by [opik 11.3]. */
export const COMPARISON_FIELDS: Fields = {
  javaName: "ExperimentsComparisonFilter",
  fields: {
    ...Object.fromEntries(OF_TRACES.map((name) => [name, correlated(TRACE_FIELDS, name, ofTrace)])),
    ...Object.fromEntries(OF_ITEMS.map((name) => [name, correlated(ITEM_FIELDS, name, ofItem)])),
    feedback_scores: { type: "feedback_scores_number", sql: averageScores(SCORES) },
  },
  dynamic(name): Field | undefined {
    const value = valueIn(name);
    return value && { type: "string", sql: sql`coalesce(${value}, '')` };
  },
};

function correlated({ fields }: Fields, name: string, from: (value: Sql) => Sql): Field {
  const field = fields[name] as Field;
  return { type: field.type, sql: from(field.sql) };
}

/** What the items of a comparison are sorted by; `undefined` for a field that is ignored. */
export function comparisonSortKey(name: string): Sql | undefined {
  if (name.startsWith("feedback_scores.")) return averageScore(SCORES, name.slice("feedback_scores.".length));
  return Object.hasOwn(COMPARISON_FIELDS.fields, name) ? COMPARISON_FIELDS.fields[name]?.sql : valueIn(name);
}

/** That the item of the dataset, or the trace that ran it, contains a text. */
export function comparisonContains(text: string): Sql {
  const columns = [ofItem(new Sql("data_json")), ofTrace(new Sql("input_json")), ofTrace(new Sql("output_json"))];
  const [data, input, output] = columns.map((column) => contains(sql`coalesce(${column}, '')`, text));
  return sql`(${data as Sql} OR ${input as Sql} OR ${output as Sql})`;
}
