import { lookUp } from "../../../core/look-up.ts";
import { joined, Sql, sql } from "../../../database/sql.ts";
import { durationBetween, type Field, type Fields, textOf, timeOfMilliseconds } from "../../search/fields.ts";
import { CONDITIONS } from "../../search/operators.ts";
import { contains } from "../../search/text-match.ts";
import { annotationQueuesOf, averageScore, averageScores } from "../record-filters.ts";

/** What of its traces a thread is filtered and sorted by. */
function ofTraces(selected: string): Sql {
  return new Sql(
    `(SELECT ${selected} FROM traces WHERE traces.workspace = trace_threads.workspace
      AND traces.project_id = trace_threads.project_id AND traces.thread_id = trace_threads.thread_id)`,
  );
}

const START = "min(rtrim(traces.start_time, 'Z'))";
const END = "max(rtrim(traces.end_time, 'Z'))";

const START_TIME = ofTraces(`rtrim(${START}, '0.')`);
const END_TIME = ofTraces(`rtrim(${END}, '0.')`);
const DURATION = ofTraces(durationBetween(START, END).text);
const NUMBER_OF_MESSAGES = ofTraces("2 * count(*)");
const OF_THREAD = new Sql(
  "workspace = trace_threads.workspace AND entity_type = 'thread' AND entity_id = trace_threads.id",
);

/** The JSON of the trace with the least or greatest time. */
function messageOf(column: string, extreme: string): Sql {
  return sql`coalesce((SELECT message FROM ${ofTraces(`${column} AS message, ${extreme}`)}), '')`;
}

const THREAD_COLUMNS = {
  id: { type: "string_exact", sql: new Sql("thread_id"), isIndexed: true },
  first_message: { type: "string", sql: messageOf("input_json", START) },
  last_message: {
    type: "string",
    sql: messageOf("output_json", "max(rtrim(coalesce(traces.end_time, traces.start_time), 'Z'))"),
  },
  number_of_messages: { type: "number", sql: NUMBER_OF_MESSAGES },
  duration: { type: "number", sql: sql`coalesce(${DURATION}, 0)` },
  created_at: { type: "date_time", sql: timeOfMilliseconds("created_at") },
  last_updated_at: { type: "date_time", sql: timeOfMilliseconds("last_updated_at") },
  start_time: { type: "date_time", sql: START_TIME },
  end_time: { type: "date_time", sql: END_TIME },
  feedback_scores: { type: "feedback_scores_number", sql: averageScores(OF_THREAD) },
  status: { type: "enum", sql: textOf("status") },
  tags: { type: "list", sql: new Sql("tags_json") },
  annotation_queue_ids: { type: "list", sql: annotationQueuesOf("trace_threads") },
  source: { type: "enum_legacy", sql: ofTraces("coalesce(max(source), '')") },
  environment: { type: "enum", sql: ofTraces("coalesce(max(environment), '')") },
} as const satisfies Record<string, Field>;

/** What threads are filtered by [opik 7.10, 7.14]. */
export const THREAD_FIELDS: Fields = { javaName: "TraceThreadField", fields: THREAD_COLUMNS };

/** That a thread contains a text. */
export function threadContains(text: string): Sql {
  const { id, first_message, last_message, tags } = THREAD_COLUMNS;
  const parts = [id, first_message, last_message].map(({ sql: column }) => contains(column, text));
  return joined([...parts, CONDITIONS.list.contains?.(tags.sql, text, "") ?? sql`FALSE`], " OR ");
}

/** The default order of a list. */
export const BY_LAST_UPDATE: Sql = new Sql("last_updated_at");

const SORT_KEYS: Readonly<Record<string, Sql>> = {
  id: new Sql("thread_id"),
  start_time: START_TIME,
  end_time: END_TIME,
  duration: DURATION,
  number_of_messages: NUMBER_OF_MESSAGES,
  last_updated_at: BY_LAST_UPDATE,
  created_by: new Sql("created_by"),
  created_at: new Sql("created_at"),
  status: new Sql("status"),
  tags: new Sql("tags_json"),
};

/** What threads are sorted by; `undefined` for a field that they cannot be sorted by. */
export function threadSortKey(field: string): Sql | undefined {
  if (field.startsWith("feedback_scores.")) return averageScore(OF_THREAD, field.slice("feedback_scores.".length));
  return lookUp(SORT_KEYS, field);
}
