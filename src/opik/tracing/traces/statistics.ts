import { millisecondsBetween } from "../../../core/timestamps.ts";
import { textField } from "../fields.ts";
import { roundedCost } from "../spans/cost.ts";
import type { SpanSummary } from "../spans/summary.ts";
import { type Percentiles, percentilesOf, Total } from "../stats/totals.ts";
import type { CountedTraceRow } from "./store.ts";

/** What the traces of a project come to. */
export interface TraceStatistics {
  traceCount: number;
  threadCount: number;
  /** Milliseconds; 0 when no trace has ended. */
  duration: Percentiles;
  /** US dollars of all traces, and of one on average that costs anything. */
  costSum: number;
  costAverage: number;
  /** How many tokens of each kind a trace has on average that has any. */
  usage: Map<string, number>;
  /** The average of each score of the traces that have it. */
  scores: Map<string, number>;
}

/** Adds up traces, which come one by one. */
export class TraceTotals {
  #traceCount = 0;
  readonly #threads = new Set<string>();
  readonly #durations: number[] = [];
  readonly #costs = new Total();
  readonly #usage = new Map<string, Total>();
  readonly #scores = new Map<string, Total>();

  add(trace: CountedTraceRow, spans: SpanSummary): void {
    this.#traceCount += 1;
    const thread = textField(trace.thread_id);
    if (thread !== undefined) this.#threads.add(thread);
    const { start_time, end_time } = trace;
    if (start_time !== null && end_time !== null) this.#durations.push(millisecondsBetween(start_time, end_time));
    if (spans.total_estimated_cost > 0) this.#costs.add(spans.total_estimated_cost);
    for (const [kind, tokens] of spans.usage) {
      const total = this.#usage.get(kind) ?? new Total();
      total.add(tokens);
      this.#usage.set(kind, total);
    }
  }

  /** Adds the score of a trace. */
  addScore(name: string, value: number): void {
    const total = this.#scores.get(name) ?? new Total();
    total.add(value);
    this.#scores.set(name, total);
  }

  /** @returns `undefined` when there was no trace */
  result(): TraceStatistics | undefined {
    if (this.#traceCount === 0) return undefined;
    return {
      traceCount: this.#traceCount,
      threadCount: this.#threads.size,
      duration: percentilesOf(this.#durations),
      costSum: roundedCost(this.#costs.sum),
      costAverage: roundedCost(this.#costs.average),
      usage: averagesOf(this.#usage),
      scores: averagesOf(this.#scores),
    };
  }
}

function averagesOf(totals: ReadonlyMap<string, Total>): Map<string, number> {
  return new Map([...totals].map(([name, total]) => [name, total.average]));
}
