import { textField } from "../fields.ts";
import { roundedCost } from "./cost.ts";
import type { SpanOfTraceRow } from "./store.ts";

/** The summary of a trace's spans [opik 7.3]. */
export interface SpanSummary {
  span_count: number;
  llm_span_count: number;
  has_tool_spans: boolean;
  /** In alphabetical order. */
  providers: string[];
  /** The sums of each kind of token. */
  usage: Map<string, number>;
  /** The sum of the costs, given or computed, in US dollars. */
  total_estimated_cost: number;
}

/** Adds up the spans of one trace. */
export function summarize(spans: readonly SpanOfTraceRow[]): SpanSummary {
  const providers = new Set<string>();
  const usage = new Map<string, number>();
  const summary = { span_count: spans.length, llm_span_count: 0, has_tool_spans: false, total_estimated_cost: 0 };
  for (const span of spans) {
    if (span.type === "llm") summary.llm_span_count += 1;
    if (span.type === "tool") summary.has_tool_spans = true;
    const provider = textField(span.provider);
    if (provider !== undefined) providers.add(provider);
    summary.total_estimated_cost += span.total_estimated_cost ?? 0;
    for (const [kind, tokens] of Object.entries(JSON.parse(span.usage_json ?? "{}") as Record<string, number>)) {
      usage.set(kind, (usage.get(kind) ?? 0) + tokens);
    }
  }
  summary.total_estimated_cost = roundedCost(summary.total_estimated_cost);
  return { ...summary, providers: [...providers].toSorted(), usage };
}
