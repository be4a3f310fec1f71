import * as v from "valibot";
import { projectName } from "../projects/schema.ts";
import { printedNumber } from "../wire/numbers.ts";
import { constrained, freeForm, list, loosely, number, optional, required, string, uuid } from "../wire/values.ts";
import { comment } from "./comments/schema.ts";
import { feedbackScore } from "./feedback/schema.ts";
import { changeTime, recordTime, tagChanges, tags, textOrBlank } from "./values.ts";

export const SOURCES = ["sdk", "experiment", "playground", "optimization", "evaluator"] as const;

const optionalText = optional(string());

/** The fields that a write and an update of a trace or a span have in common. */
export const writableFields = {
  name: textOrBlank,
  end_time: optional(recordTime),
  // An explicit `null` is a value of free-form JSON like others [opik 7.2].
  input: optional(freeForm()),
  output: optional(freeForm()),
  metadata: optional(freeForm()),
  error_info: optional(v.object({ exception_type: optionalText, message: optionalText, traceback: optionalText })),
  ttft: constrained(optional(number()), (milliseconds) => milliseconds >= 0, "must be greater than or equal to 0"),
  source: optional(loosely("com.comet.opik.api.Source", SOURCES)),
  environment: constrained(
    optional(string({ maxLength: 150 })),
    (name) => name.length <= 150,
    "cannot exceed 150 characters",
  ),
};

/** What a write has that an update has not: when the thing began, and when this was known of it. */
export const writeOnlyFields = { start_time: required(recordTime), last_updated_at: optional(changeTime), tags };

/** The fields of an answer that a trace and a span have in common. */
export const readableFields = {
  id: string({ format: "uuid" }),
  project_id: string({ format: "uuid" }),
  ...writableFields,
  start_time: string({ format: "date-time" }),
  error_info: optional(freeForm()),
  tags: optional(freeForm()),
  ttft: optional(printedNumber()),
  environment: string(),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
  duration: optional(printedNumber()),
  feedback_scores: optional(list(feedbackScore)),
  comments: optional(list(comment)),
};

const common = v.object(readableFields);
const written = v.object({ ...writableFields, ...writeOnlyFields, id: optional(uuid()), project_name: projectName });
const updated = v.object({ ...writableFields, ...tagChanges, project_name: projectName, project_id: optional(uuid()) });

/** The fields of a write of a trace or span. */
export type RecordWrite = v.InferOutput<typeof written>;

/** The fields of an update of a trace or span. */
export type RecordUpdate = v.InferOutput<typeof updated>;

/** The fields of an answer that come from a row. */
export type RowFields = Omit<v.InferOutput<typeof common>, "feedback_scores" | "comments">;
