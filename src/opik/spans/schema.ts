import * as v from "valibot";
import { projectName } from "../projects/schema.ts";
import { batchOf } from "../tracing/batch.ts";
import { readableFields, tagChanges, writableFields, writeOnlyFields } from "../tracing/fields.ts";
import { type Page, pageOf } from "../wire/page.ts";
import {
  constrained,
  freeForm,
  integer,
  loosely,
  map,
  number,
  optional,
  required,
  string,
  uuid,
} from "../wire/values.ts";

export const SPAN_TYPES = ["general", "tool", "llm", "guardrail"] as const;
export type SpanType = (typeof SPAN_TYPES)[number];

const type = optional(loosely("com.comet.opik.domain.SpanType", SPAN_TYPES));

const spanFields = {
  ...writableFields,
  trace_id: required(uuid()),
  parent_span_id: optional(uuid()),
  type,
  model: optional(string()),
  provider: optional(string()),
  usage: optional(map(optional(integer()))),
  total_estimated_cost: constrained(optional(number()), (cost) => cost >= 0, "must be greater than or equal to 0.0"),
};

/** Body of `POST /spans`, and an element of a batch. */
export const spanWrite = v.object({
  id: optional(uuid()),
  project_name: projectName,
  ...spanFields,
  ...writeOnlyFields,
  total_estimated_cost_version: optional(string()),
});
export type SpanWrite = v.InferOutput<typeof spanWrite>;

/** Body of `POST /spans/batch`. */
export const spanBatch = batchOf("spans", spanWrite);

/** Body of `PATCH /spans/{id}`. */
export const spanUpdate = v.object({
  project_name: projectName,
  project_id: optional(uuid()),
  ...spanFields,
  ...tagChanges,
});
export type SpanUpdate = v.InferOutput<typeof spanUpdate>;

export const span = v.object({
  ...readableFields,
  trace_id: string({ format: "uuid" }),
  parent_span_id: optional(string({ format: "uuid" })),
  type,
  model: optional(string()),
  provider: optional(string()),
  usage: optional(freeForm()),
  total_estimated_cost: optional(number()),
  total_estimated_cost_version: optional(string()),
});
export type Span = v.InferOutput<typeof span>;

export const spanPage = pageOf(span);
export type SpanPage = Page<Span>;
