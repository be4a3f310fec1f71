import type { PlainSpan, PlainTrace } from "../../client/plain.ts";
import { describeDuration } from "../../core/durations.ts";
import { cut } from "../console/layout.ts";
import { onOneLine, shortId } from "../console/short.ts";
import { alignedLines } from "../table.ts";

/** One line for each trace. @param now milliseconds since the epoch, of the server */
export function describeTraces(
  traces: readonly PlainTrace[],
  now: number,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const rows = traces.map((trace) => [
    shortId(trace.id),
    onOneLine(trace.name ?? "no name"),
    `${describeDuration(Math.max(0, now - Date.parse(trace.start_time)))} ago`,
    durationOf(trace),
    `${trace.span_count} ${trace.span_count === 1 ? "span" : "spans"}`,
    [...measuresOf(trace), failureOf(trace)].join("  ").trim(),
  ]);
  return alignedLines(rows)
    .map((line) => cut(line, columns))
    .join("\n");
}

/** A trace with its spans as a tree. A span without its parent is at the top level. */
export function describeTrace(
  trace: PlainTrace,
  spans: readonly PlainSpan[],
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const ids = new Set(spans.map(({ id }) => id));
  const isTop = ({ parent_span_id }: PlainSpan): boolean => parent_span_id === undefined || !ids.has(parent_span_id);
  const branch = (parents: readonly PlainSpan[], indent: string): string[][] =>
    parents.flatMap((span, index) => {
      const isLast = index === parents.length - 1;
      const children = spans.filter(({ parent_span_id }) => parent_span_id === span.id);
      const head = `${indent}${isLast ? "└─" : "├─"} ${onOneLine(span.name ?? "no name")}`;
      return [[head, ...cellsOf(span)], ...branch(children, `${indent}${isLast ? "   " : "│  "}`)];
    });
  const rows = [[onOneLine(trace.name ?? "no name"), ...cellsOf(trace)], ...branch(spans.filter(isTop), "")];
  return [
    `trace ${trace.id}`,
    ...alignedLines(rows).map((line) => cut(line, columns)),
    ...valueLines("input", trace.input, columns),
    ...valueLines("output", trace.output, columns),
  ].join("\n");
}

function cellsOf(record: PlainTrace | PlainSpan): string[] {
  const type = "type" in record && record.type !== undefined && record.type !== "general" ? record.type : "";
  const model = "model" in record ? onOneLine(record.model ?? "") : "";
  const others = [type, model, ...measuresOf(record), failureOf(record)];
  return [durationOf(record), others.filter((text) => text !== "").join("  ")];
}

function durationOf({ duration }: Pick<PlainTrace, "duration">): string {
  return duration === undefined ? "not ended" : describeDuration(duration);
}

function measuresOf({ usage, total_estimated_cost }: PlainTrace | PlainSpan): string[] {
  const tokens = usage?.["total_tokens"];
  return [
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
    ...(total_estimated_cost ? [`$${total_estimated_cost.toFixed(4)}`] : []),
  ];
}

function failureOf({ error_info }: Pick<PlainTrace, "error_info">): string {
  if (error_info === undefined) return "";
  return onOneLine([error_info.exception_type, error_info.message].filter(Boolean).join(": ")) || "failed";
}

function valueLines(label: string, value: unknown, columns: number): string[] {
  return value === undefined ? [] : [cut(`${label.padEnd(6)} ${onOneLine(JSON.stringify(value))}`, columns)];
}
