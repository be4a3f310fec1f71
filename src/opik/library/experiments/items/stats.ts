import { RawJson } from "../../../../core/json.ts";
import { roundedCost } from "../../../tracing/spans/cost.ts";
import type { RecordStats } from "../../../tracing/stats/stats.ts";
import { percentilesOf } from "../../../tracing/stats/totals.ts";
import type { TraceMeasures } from "../../../tracing/traces/service.ts";
import { decimalOf, doubleOf } from "../../../wire/numbers.ts";

type StatItem = RecordStats["stats"][number];

/** The decimals of percentiles: of costs, and of durations and scores. */
const COST_PLACES = 12;
const PLACES = 9;

/** The kind of tokens of which percentiles are reported. */
const TOTAL_TOKENS = "total_tokens";

/** Adds up items of experiments, and reports averages and percentiles of their traces [opik 11.3]. */
export class ComparisonStats {
  #items = 0;
  readonly #traces = new Set<string>();
  readonly #durations: number[] = [];
  readonly #costs: number[] = [];
  readonly #usage = new Map<string, number[]>();
  readonly #scores = new Map<string, number[]>();
  readonly #scoresOfTraces = new Map<string, number[]>();

  /** @param measures of the trace, if it exists */
  add(traceId: string, measures: TraceMeasures | undefined): void {
    this.#items += 1;
    const isNew = !this.#traces.has(traceId);
    this.#traces.add(traceId);
    if (measures === undefined) return;
    const { duration, cost, usage, scores } = measures;
    if (duration !== undefined) this.#durations.push(duration);
    if (cost > 0) this.#costs.push(cost);
    for (const [kind, tokens] of usage) append(this.#usage, kind, tokens);
    for (const [name, value] of scores) {
      append(this.#scores, name, value);
      // In percentiles the scores of a trace count once, however many items have it.
      if (isNew) append(this.#scoresOfTraces, name, value);
    }
  }

  result(): RecordStats {
    const cost = roundedCost(averageOf(this.#costs));
    const tokens = (this.#usage.get(TOTAL_TOKENS) ?? []).filter((count) => count > 0);
    return {
      stats: [
        count("experiment_items_count", this.#items),
        count("trace_count", this.#traces.size),
        ...(cost > 0 ? [average("total_estimated_cost", cost)] : []),
        percentiles("total_estimated_cost", this.#costs, (value) => decimalOf(value, COST_PLACES)),
        percentiles("duration", this.#durations, (value) => decimalOf(value, PLACES)),
        ...byName(this.#scores).map(([name, values]) => average(`feedback_scores.${name}`, averageOf(values))),
        ...byName(this.#usage).map(([kind, values]) => average(`usage.${kind}`, averageOf(values))),
        ...byName(this.#scoresOfTraces).map(([name, values]) =>
          percentiles(`feedback_scores.${name}`, values, (value) => decimalOf(value, PLACES)),
        ),
        percentiles(`usage.${TOTAL_TOKENS}`, tokens, (value) => RawJson.of(Math.trunc(value))),
      ],
    };
  }
}

function append(lists: Map<string, number[]>, name: string, value: number): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

function byName(lists: ReadonlyMap<string, number[]>): Array<[string, number[]]> {
  return [...lists].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function count(name: string, value: number): StatItem {
  return { name, value: RawJson.of(value), type: "COUNT" };
}

function average(name: string, value: number): StatItem {
  return { name, value: doubleOf(value), type: "AVG" };
}

function percentiles(name: string, values: readonly number[], field: (value: number) => RawJson): StatItem {
  const { p50, p90, p99 } = percentilesOf(values);
  return { name, value: RawJson.of({ p50: field(p50), p90: field(p90), p99: field(p99) }), type: "PERCENTAGE" };
}
