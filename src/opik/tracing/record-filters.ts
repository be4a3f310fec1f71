import { Sql, sql } from "../../database/sql.ts";
import { durationBetween, type Field, textOf, timeOf, timeOfMilliseconds } from "../search/fields.ts";
import type { FilterConditions } from "../search/filters.ts";

/*
 * What traces and spans are filtered and sorted by alike.
 */

/** A column of JSON as text; an explicit `null` is text too. */
const jsonOf = (column: string): Sql => new Sql(column);

/** The time from start to end; `NULL` for a record that has not ended. */
const DURATION = durationBetween("start_time", "end_time");

export const RECORD_FIELDS = {
  id: { type: "string_exact", sql: new Sql("id"), isIndexed: true },
  name: { type: "string", sql: textOf("name") },
  start_time: { type: "date_time", sql: timeOf("start_time") },
  end_time: { type: "date_time", sql: timeOf("end_time") },
  created_at: { type: "date_time", sql: timeOfMilliseconds("created_at") },
  last_updated_at: { type: "date_time", sql: timeOf("last_updated_at") },
  input: { type: "string", sql: textOf("input_json") },
  output: { type: "string", sql: textOf("output_json") },
  input_json: { type: "dictionary", sql: jsonOf("input_json") },
  output_json: { type: "dictionary", sql: jsonOf("output_json") },
  metadata: { type: "dictionary", sql: jsonOf("metadata_json"), hasKeyIndex: true },
  tags: { type: "list", sql: jsonOf("tags_json") },
  duration: { type: "number", sql: sql`coalesce(${DURATION}, 0)` },
  ttft: { type: "number", sql: new Sql("ttft") },
  error_info: { type: "error_container", sql: new Sql("error_info_json") },
  error_type: { type: "string", sql: new Sql("coalesce(error_info_json ->> '$.exception_type', '')") },
  source: { type: "enum_legacy", sql: textOf("source") },
  environment: { type: "enum", sql: textOf("environment") },
} as const satisfies Record<string, Field>;

/** The columns that a filter on `custom` can look into. */
export const CUSTOM_FIELDS = {
  input: RECORD_FIELDS.input_json,
  output: RECORD_FIELDS.output_json,
  metadata: RECORD_FIELDS.metadata,
};

/** The annotation queues that a trace or the model of a thread is in, as a JSON list. */
export function annotationQueuesOf(table: "traces" | "trace_threads"): Sql {
  return new Sql(
    `(SELECT nullif(json_group_array(queue_id), '[]') FROM annotation_queue_items
      WHERE annotation_queue_items.workspace = ${table}.workspace AND item_id = ${table}.id)`,
  );
}

/** Adds the condition that things are in an annotation queue, if one is named. */
export function inAnnotationQueue(
  table: "traces" | "trace_threads",
  filters: FilterConditions,
  queueId: string | undefined,
): FilterConditions {
  if (queueId === undefined) return filters;
  const isIn = sql`EXISTS (SELECT 1 FROM annotation_queue_items
    WHERE annotation_queue_items.workspace = ${new Sql(table)}.workspace
      AND queue_id = ${queueId} AND item_id = ${new Sql(table)}.id)`;
  return { ...filters, where: [...filters.where, isIn] };
}

/**
 * The scores of traces or spans, as a filter on scores needs them.
 * @param entity a condition on `feedback_scores.entity_type` and `feedback_scores.entity_id`
 */
export function averageScores(entity: Sql): Sql {
  return sql`SELECT name, avg(value) AS value FROM feedback_scores WHERE ${entity} GROUP BY name`;
}

/** The average of the scores of one name, which things are sorted by. */
export function averageScore(entity: Sql, name: string): Sql {
  return sql`(SELECT avg(value) FROM feedback_scores WHERE ${entity} AND name = ${name})`;
}

/** What lists are sorted by, of the fields that traces and spans have in common. */
export const RECORD_SORT_KEYS: Readonly<Record<string, Sql>> = {
  id: new Sql("id"),
  name: new Sql("name"),
  input: new Sql("input_json"),
  output: new Sql("output_json"),
  metadata: new Sql("metadata_json"),
  start_time: timeOf("start_time"),
  end_time: timeOf("end_time"),
  duration: DURATION,
  ttft: new Sql("ttft"),
  tags: new Sql("tags_json"),
  error_info: new Sql("error_info_json"),
  created_by: new Sql("created_by"),
};
