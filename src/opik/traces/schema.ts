import * as v from "valibot";
import { projectName } from "../projects/schema.ts";
import { batchOf } from "../tracing/batch.ts";
import { readableFields, tagChanges, writableFields, writeOnlyFields } from "../tracing/fields.ts";
import { pageOf } from "../wire/page.ts";
import { boolean, exactly, integer, list, map, number, optional, string, uuid } from "../wire/values.ts";

const traceFields = { ...writableFields, thread_id: optional(string()) };

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

export const trace = v.object({
  ...readableFields,
  thread_id: optional(string()),
  usage: optional(map(integer("int64"))),
  total_estimated_cost: optional(number()),
  span_count: integer(),
  llm_span_count: integer(),
  has_tool_spans: boolean(),
  providers: optional(list(string())),
  visibility_mode: exactly("visibility mode", ["default", "hidden"]),
});
export type Trace = v.InferOutput<typeof trace>;

export const tracePage = pageOf(trace);
