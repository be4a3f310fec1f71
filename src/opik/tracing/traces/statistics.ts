import { millisecondsBetween } from "../../../core/timestamps.ts";
import { textField } from "../fields.ts";
import { roundedCost } from "../spans/cost.ts";
import type { SpanSummary } from "../spans/summary.ts";
import type { CountedTraceRow } from "./store.ts";

/** The percentiles of durations that are reported, as shares of the traces. */
const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/** What the traces of a project come to. */
export interface TraceStatistics {
  traceCount: number;
  threadCount: number;
  /** Milliseconds; 0 when no trace has ended. */
  duration: Record<keyof typeof SHARES, number>;
  /** US dollars of all traces, and of one on average that costs anything. */
  costSum: number;
  costAverage: number;
  /** How many tokens of each kind a trace has on average that has any. */
  usage: Map<string, number>;
}

/** Adds up traces, which come one by one. */
export class TraceTotals {
  #traceCount = 0;
  readonly #threads = new Set<string>();
  readonly #durations: number[] = [];
  readonly #costs = new Total();
  readonly #usage = new Map<string, Total>();

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

  /** @returns `undefined` when there was no trace */
  result(): TraceStatistics | undefined {
    if (this.#traceCount === 0) return undefined;
    const durations = this.#durations.toSorted((left, right) => left - right);
    const { p50, p90, p99 } = SHARES;
    return {
      traceCount: this.#traceCount,
      threadCount: this.#threads.size,
      duration: { p50: quantile(durations, p50), p90: quantile(durations, p90), p99: quantile(durations, p99) },
      costSum: roundedCost(this.#costs.sum),
      costAverage: roundedCost(this.#costs.average),
      usage: new Map([...this.#usage].map(([kind, total]) => [kind, total.average])),
    };
  }
}

/** A sum of so many numbers. */
class Total {
  sum = 0;
  #count = 0;

  add(value: number): void {
    this.sum += value;
    this.#count += 1;
  }

  /** 0 of no numbers. */
  get average(): number {
    return this.sum / Math.max(1, this.#count);
  }
}

/** What the share of the numbers does not exceed, between two of them in proportion; 0 of no numbers. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const lower = sorted[Math.floor(place)] ?? 0;
  const upper = sorted[Math.ceil(place)] ?? 0;
  return lower + (upper - lower) * (place - Math.floor(place));
}
