import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { printedNumber } from "../../wire/numbers.ts";
import { type Page, pageOf } from "../../wire/page.ts";
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
} from "../../wire/values.ts";
import { batchOf, batchUpdateOf } from "../batch.ts";
import { recordSearchFields } from "../record-search.ts";
import { readableFields, writableFields, writeOnlyFields } from "../schema.ts";
import { tagChanges, textOrBlank } from "../values.ts";
import { COST_LIMIT } from "./cost.ts";
import { SEARCHABLE_SPANS } from "./filters.ts";

export const SPAN_TYPES = ["general", "tool", "llm", "guardrail"] as const;
export type SpanType = (typeof SPAN_TYPES)[number];

const type = optional(loosely("com.comet.opik.domain.SpanType", SPAN_TYPES, SPAN_TYPES.join(", ")));

const spanFields = {
  ...writableFields,
  trace_id: required(uuid()),
  parent_span_id: optional(uuid()),
  type,
  model: textOrBlank,
  provider: textOrBlank,
  usage: optional(map(optional(integer()))),
  total_estimated_cost: constrained(
    constrained(optional(number()), (cost) => cost >= 0, "must be greater than or equal to 0.0"),
    (cost) => cost < COST_LIMIT,
    "must be less than 1.0E26",
  ),
};

/** Body of `POST /spans`, and an element of a batch. */
export const spanWrite = v.object({
  id: optional(uuid()),
  project_name: projectName,
  ...spanFields,
  ...writeOnlyFields,
  /** Taken and not kept: the server writes there that it has computed the cost [opik 7.17]. */
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

/** Body of `PATCH /spans/batch`. */
export const spanBatchUpdate = batchUpdateOf(spanUpdate);

/** Body of `POST /spans/search`. */
export const spanSearch = v.object({ ...recordSearchFields(SEARCHABLE_SPANS), trace_id: optional(uuid()), type });

export const span = v.object({
  ...readableFields,
  /** Only of a span that is read by its id. */
  project_name: optional(string()),
  trace_id: string({ format: "uuid" }),
  parent_span_id: optional(string({ format: "uuid" })),
  type,
  model: optional(string()),
  provider: optional(string()),
  usage: optional(freeForm()),
  total_estimated_cost: optional(printedNumber()),
  /** Of a cost that was computed here. */
  total_estimated_cost_version: optional(string()),
});
export type Span = v.InferOutput<typeof span>;

/** What the real server says that a list of spans can be sorted by, metadata twice [opik 7.3]. */
export const SORTABLE_SPAN_FIELDS = [
  "id",
  "name",
  "type",
  "trace_id",
  "parent_span_id",
  "input",
  "output",
  "metadata",
  "start_time",
  "end_time",
  "duration",
  "ttft",
  "usage.*",
  "metadata",
  "tags",
  "created_at",
  "last_updated_at",
  "model",
  "provider",
  "total_estimated_cost",
  "error_info",
  "created_by",
  "feedback_scores.*",
] as const;

export const spanPage = pageOf(span);
export type SpanPage = Page<Span>;
