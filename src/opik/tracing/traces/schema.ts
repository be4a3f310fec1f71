import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { printedNumber } from "../../wire/numbers.ts";
import { pageOf } from "../../wire/page.ts";
import { boolean, exactly, integer, list, map, optional, string, uuid } from "../../wire/values.ts";
import { batchOf, batchUpdateOf } from "../batch.ts";
import { feedbackScore } from "../feedback/schema.ts";
import { recordSearchFields } from "../record-search.ts";
import { readableFields, writableFields, writeOnlyFields } from "../schema.ts";
import { tagChanges, textOrBlank } from "../values.ts";
import { SEARCHABLE_TRACES } from "./filters.ts";

const traceFields = { ...writableFields, thread_id: textOrBlank };

/** Body of `POST /traces`, and an element of a batch. */
export const traceWrite = v.object({
  id: optional(uuid()),
  project_name: projectName,
  ...traceFields,
  ...writeOnlyFields,
});
export type TraceWrite = v.InferOutput<typeof traceWrite>;

/** Body of `POST /traces/batch`. */
export const traceBatch = batchOf("traces", traceWrite);

/** Body of `PATCH /traces/{id}`. */
export const traceUpdate = v.object({
  project_name: projectName,
  project_id: optional(uuid()),
  ...traceFields,
  ...tagChanges,
});
export type TraceUpdate = v.InferOutput<typeof traceUpdate>;

/** Body of `PATCH /traces/batch`. */
export const traceBatchUpdate = batchUpdateOf(traceUpdate);

/** Body of `POST /traces/delete`. */
export const traceDeletion = v.object({ ...idBatch.entries, project_id: optional(uuid()) });

/** Body of `POST /traces/search`. */
export const traceSearch = v.object(recordSearchFields(SEARCHABLE_TRACES));

export const trace = v.object({
  ...readableFields,
  thread_id: optional(string()),
  /** Of its spans: for each name the average. */
  span_feedback_scores: optional(list(feedbackScore)),
  usage: optional(map(integer("int64"))),
  total_estimated_cost: optional(printedNumber()),
  span_count: integer(),
  llm_span_count: integer(),
  has_tool_spans: boolean(),
  providers: list(string()),
  /** Absent while only updates of the trace have come. */
  visibility_mode: optional(exactly("visibility mode", ["default", "hidden"])),
});
export type Trace = v.InferOutput<typeof trace>;

/** What the real server says that a list of traces can be sorted by [opik 7.3]. */
export const SORTABLE_TRACE_FIELDS = [
  "id",
  "name",
  "input",
  "output",
  "start_time",
  "end_time",
  "duration",
  "ttft",
  "metadata",
  "thread_id",
  "span_count",
  "llm_span_count",
  "usage.*",
  "total_estimated_cost",
  "tags",
  "error_info",
  "created_by",
  "feedback_scores.*",
  "experiment_id",
  "environment",
] as const;

export const tracePage = pageOf(trace);
