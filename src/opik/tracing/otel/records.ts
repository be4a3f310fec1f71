import { timeOfUuid } from "../../../core/ids.ts";
import { printTimestamp } from "../../../core/timestamps.ts";
import { isBlank } from "../../wire/values.ts";
import { isVersion7 } from "../../wire/version-seven.ts";
import type { SpanWrite } from "../spans/schema.ts";
import type { TraceWrite } from "../traces/schema.ts";
import { millisecondsOf, uuidOfOtelId } from "./ids.ts";
import { errorOf } from "./mapping/error.ts";
import { contentOf, nonEmpty } from "./mapping/span.ts";
import type { OtelSpan } from "./request.ts";

/** A span of OpenTelemetry as Opik's. */
export interface OtelRecord {
  span: SpanWrite;
  /** The trace that the span begins, unless it is a part of another. */
  trace: TraceWrite | undefined;
}

/** What all spans of a request have in common. */
export interface RequestFacts {
  projectName: string | undefined;
  /** The instrumentation that made them. */
  integration: string | undefined;
}

/**
 * Makes Opik's records of a span of OpenTelemetry [opik 7.16].
 * @param traceId the id that its trace has here
 */
export function toRecord(otel: OtelSpan, traceId: string, { projectName, integration }: RequestFacts): OtelRecord {
  const attached = idIn(otel, "opik.trace_id");
  const time = timeOfUuid(traceId);
  const ownParent = otel.parent_span_id?.length ? uuidOfOtelId(otel.parent_span_id, time) : undefined;
  const parent = attached === undefined ? ownParent : idIn(otel, "opik.parent_span_id");
  const { type, model, provider, input, output, metadata, usage, tags, cost } = contentOf(otel, integration);
  const common = {
    project_name: projectName,
    name: otel.name === undefined || isBlank(otel.name) ? undefined : otel.name,
    start_time: timestampOf(otel.start_time_unix_nano),
    end_time: timestampOf(otel.end_time_unix_nano),
    last_updated_at: undefined,
    input,
    output,
    metadata: nonEmpty(metadata),
    tags: tags.size === 0 ? undefined : [...tags],
    error_info: errorOf(otel),
    ttft: undefined,
    source: "sdk" as const,
    environment: undefined,
  };
  const trace_id = attached ?? traceId;
  const span: SpanWrite = {
    ...common,
    id: idIn(otel, "opik.span_id") ?? uuidOfOtelId(otel.span_id ?? new Uint8Array(), time),
    trace_id,
    parent_span_id: parent === trace_id ? undefined : parent,
    type,
    model,
    provider,
    usage: usage.size === 0 ? undefined : usage,
    total_estimated_cost: cost,
    total_estimated_cost_version: undefined,
  };
  const isRoot = span.parent_span_id === undefined && attached === undefined;
  const thread = metadata.get("thread_id");
  return { span, trace: isRoot ? { ...common, id: trace_id, thread_id: thread && textOf(thread.parse()) } : undefined };
}

/** A UUIDv7 that an attribute gives; others are ignored. */
function idIn({ attributes }: OtelSpan, name: string): string | undefined {
  const text = attributes.find(({ key }) => key === name)?.value?.string_value?.toLowerCase();
  return text !== undefined && isVersion7(text) ? text : undefined;
}

function timestampOf(nanoseconds: string | undefined): string {
  return printTimestamp(new Date(millisecondsOf(nanoseconds)).toISOString());
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return isBlank(text) ? undefined : text;
}
