import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Span, Trace } from "../api.ts";
import { compact, compareTimes, cost, duration, durationBetween } from "../format.ts";
import { isNarrow } from "../lists/narrow.ts";
import { useVirtual } from "../lists/virtual.ts";

interface Row {
  record: Span | Trace;
  depth: number;
}

const ROW_PX = 36;
const INDENT_PX = 16;
const NARROW_INDENT_PX = 6;
const MAX_INDENT = 10;
/** The width of the drawing, and the least width of a bar in it. */
const WIDTH = 1_000;
const LEAST = 4;

/** A trace and its spans as nested rows, each with a bar at its time, tokens and cost. Arrow keys, Home and End go through them. */
export function Waterfall(props: {
  trace: Trace;
  spans: readonly Span[];
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}): VNode {
  const { trace, spans, chosen, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(trace, spans), [trace, spans]);
  const span = useMemo(() => spanOfTime([trace, ...spans]), [trace, spans]);
  const virtual = useVirtual({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const current = Math.max(
    0,
    rows.findIndex(({ record }) => record.id === chosen),
  );
  const go = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    onChoose(index === 0 ? undefined : row.record.id);
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const onKey = (event: KeyboardEvent): void => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  return (
    <div
      class="waterfall"
      role="tree"
      aria-label={`Spans, ${duration(span.length)} in all`}
      ref={box}
      onKeyDown={onKey}
    >
      <div class="waterfall-body" role="none" style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <SpanRow
              key={row.record.id}
              {...{ row, index, start, span, isChosen: index === current, onChoose: () => go(index) }}
            />
          );
        })}
      </div>
    </div>
  );
}

function SpanRow(props: {
  row: Row;
  index: number;
  start: number;
  span: { start: number; length: number };
  isChosen: boolean;
  onChoose: () => void;
}): VNode {
  const { row, index, start, span, isChosen, onChoose } = props;
  const { record, depth } = row;
  const { type, usage, total_estimated_cost } = record as Span & Trace;
  const from = record.start_time === undefined ? 0 : Date.parse(record.start_time) - span.start;
  const to = record.end_time === undefined ? span.length : Date.parse(record.end_time) - span.start;
  const tokens = (usage as Record<string, number> | undefined)?.["total_tokens"];
  const indent = Math.min(depth, MAX_INDENT) * (isNarrow.value ? NARROW_INDENT_PX : INDENT_PX);
  return (
    <button
      type="button"
      role="treeitem"
      class={`span-row ${isChosen ? "chosen" : ""}`}
      aria-selected={isChosen}
      aria-level={depth + 1}
      tabIndex={isChosen ? 0 : -1}
      data-index={index}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onChoose}
    >
      <span class="span-name" style={{ paddingLeft: `${indent}px` }}>
        <span class={`span-type ${type ?? ""}`}>{index === 0 ? "trace" : (type ?? "general")}</span>{" "}
        {record.error_info !== undefined && <span class="bad">✕ </span>}
        {record.name ?? "without a name"}
      </span>
      <svg class="span-bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
        <rect
          class={record.error_info === undefined ? "bar" : "bar failed"}
          x={Math.min(WIDTH - LEAST, (from / span.length) * WIDTH)}
          width={Math.max(LEAST, ((to - from) / span.length) * WIDTH)}
          height="10"
          rx="2"
        />
      </svg>
      <span class="span-number">{durationBetween(record.start_time, record.end_time) ?? "…"}</span>
      <span class="span-number optional">{tokens === undefined ? "" : `${compact(tokens)} tokens`}</span>
      <span class="span-number optional">{total_estimated_cost ? cost(Number(total_estimated_cost)) : ""}</span>
    </button>
  );
}

/** From the first start to the last end, in milliseconds. */
function spanOfTime(records: ReadonlyArray<Span | Trace>): { start: number; length: number } {
  let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { start_time, end_time } of records) {
    for (const time of [start_time, end_time]) {
      if (time === undefined) continue;
      start = Math.min(start, Date.parse(time));
      end = Math.max(end, Date.parse(time));
    }
  }
  return { start, length: Math.max(1, end - start) };
}

/** The trace first, parents before their children; a span whose parent is missing is a child of the trace. */
function rowsOf(trace: Trace, spans: readonly Span[]): Row[] {
  const ids = new Set(spans.map(({ id }) => id));
  const sorted = spans.toSorted((a, b) => compareTimes(a.start_time ?? "", b.start_time ?? ""));
  const children = Map.groupBy(sorted, ({ id, parent_span_id: parent }) =>
    parent !== undefined && parent !== id && ids.has(parent) ? parent : "",
  );
  const rows: Row[] = [{ record: trace, depth: 0 }];
  // A stack, not recursion: spans may be nested very deeply.
  const stack = (children.get("") ?? []).toReversed().map((record) => ({ record, depth: 1 }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    rows.push(next);
    const { depth } = next;
    for (const record of (children.get(next.record.id ?? "") ?? []).toReversed())
      stack.push({ record, depth: depth + 1 });
  }
  return rows;
}
