import { RawJson } from "../../../../core/json.ts";
import type { Comment } from "../../../tracing/comments/schema.ts";
import type { FeedbackScore } from "../../../tracing/feedback/schema.ts";
import type { Span } from "../../../tracing/spans/schema.ts";
import type { Trace } from "../../../tracing/traces/schema.ts";
import type { DatasetType } from "../schema.ts";
import { type JsonPath, valueAt } from "./json-path.ts";
import type { ItemsFromSpans } from "./schema.ts";

/** The fields of the data of an item by their names; those that are `undefined` are left out. */
type Fields = Record<string, unknown>;

const NULL = new RawJson("null");

/** The fields that an item has of a trace or span besides those of a trace's spans [opik 10.6]. */
export function recordFields(record: Trace | Span, options: ItemsFromSpans["enrichment_options"]): Fields {
  return {
    input: record.input ?? NULL,
    expected_output: record.output,
    tags: options.include_tags ? record.tags : undefined,
    feedback_scores: options.include_feedback_scores ? scoreFields(record.feedback_scores) : undefined,
    comments: options.include_comments ? commentFields(record.comments) : undefined,
    usage: options.include_usage ? record.usage : undefined,
    metadata: options.include_metadata ? record.metadata : undefined,
  };
}

/** The field that an item has of the spans of its trace; `undefined` when there are none. */
export function spanFields(spans: readonly Span[]): Fields[] | undefined {
  if (spans.length === 0) return undefined;
  return spans.map((span) => ({
    id: span.id,
    name: span.name ?? NULL,
    type: span.type,
    parent_span_id: span.parent_span_id,
    input: span.input ?? NULL,
    output: span.output,
    start_time: span.start_time,
    end_time: span.end_time,
    metadata: span.metadata,
    feedback_scores: scoreFields(span.feedback_scores),
    comments: commentFields(span.comments),
  }));
}

/** The data of an item of a plain dataset: fields that are mapped take the place of others with their names. */
export function mappedData(record: Trace | Span, fields: Fields, mappings: ReadonlyMap<string, JsonPath>): RawJson {
  if (mappings.size === 0) return RawJson.of(fields);
  const source = RawJson.of(record);
  const data = new Map(Object.entries(fields).filter(([name]) => !mappings.has(name)));
  for (const [name, path] of mappings) data.set(name, valueAt(source, path));
  return RawJson.of(data);
}

/** The data of an item of a test suite: the fields of the input, or a field with it when it is no object. */
export function inputData({ input }: Trace | Span): RawJson {
  if (input === undefined || input.isNull) return RawJson.of({});
  return input.isObject ? input : RawJson.of({ input });
}

/** Whether items of a dataset have the input alone. */
export function hasInputAlone(type: DatasetType): boolean {
  return type === "evaluation_suite";
}

/** The real server writes the source as Java prints it, in capitals. */
function scoreFields(scores: readonly FeedbackScore[] | undefined): Fields[] | undefined {
  return scores?.map(({ name, category_name, value, reason, source }) => ({
    name,
    category_name,
    value,
    reason,
    source: source.toUpperCase(),
  }));
}

function commentFields(comments: readonly Comment[] | undefined): Fields[] | undefined {
  return comments?.map(({ id, text }) => ({ id, text }));
}
