import type { VNode } from "preact";
import type { Span, Trace } from "../api.ts";
import { duration, durationBetween } from "../format.ts";

interface Row {
  span: Span;
  depth: number;
}

/** The spans of a trace as bars in time, below those that they belong to. */
export function Waterfall(props: {
  trace: Trace;
  spans: readonly Span[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}): VNode {
  const { trace, spans, chosen, onChoose } = props;
  const times = [trace, ...spans].flatMap(({ start_time, end_time }) => [start_time, end_time ?? start_time]);
  const known = times.flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  const start = Math.min(...known);
  const length = Math.max(1, Math.max(...known) - start);
  return (
    <div class="waterfall" role="tree" aria-label={`Spans, ${duration(length)} in all`}>
      {rowsOf(spans).map(({ span, depth }) => {
        const from = span.start_time === undefined ? 0 : Date.parse(span.start_time) - start;
        const to = span.end_time === undefined ? length : Date.parse(span.end_time) - start;
        return (
          <button
            type="button"
            role="treeitem"
            key={span.id}
            class={`span-row ${chosen === span.id ? "chosen" : ""}`}
            aria-selected={chosen === span.id}
            onClick={() => onChoose(span.id ?? "")}
          >
            <span class="span-name" data-depth={Math.min(depth, 8)}>
              <span class={`span-type ${span.type ?? "general"}`}>{span.type ?? "general"}</span> {span.name}
            </span>
            <svg class="span-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
              <rect
                class={span.error_info === undefined ? "bar" : "bar failed"}
                x={(from / length) * 1000}
                width={Math.max(3, ((to - from) / length) * 1000)}
                height="10"
                rx="2"
              />
            </svg>
            <span class="span-time">{durationBetween(span.start_time, span.end_time) ?? "…"}</span>
          </button>
        );
      })}
    </div>
  );
}

/** Parents before their children; a span whose parent is missing stands at the top. */
function rowsOf(spans: readonly Span[]): Row[] {
  const ids = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(spans, ({ parent_span_id: parent }) =>
    parent !== undefined && ids.has(parent) ? parent : "",
  );
  const rows: Row[] = [];
  const add = (parent: string, depth: number): void => {
    const sorted = (children.get(parent) ?? []).toSorted((a, b) =>
      (a.start_time ?? "").localeCompare(b.start_time ?? ""),
    );
    for (const span of sorted) {
      rows.push({ span, depth });
      add(span.id ?? "", depth + 1);
    }
  };
  add("", 0);
  return rows;
}
