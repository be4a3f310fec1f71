import * as v from "valibot";
import { RawJson } from "../../../core/json.ts";
import { millisecondsBetween } from "../../../core/timestamps.ts";
import { decimalOf, doubleOf, printedNumber } from "../../wire/numbers.ts";
import { exactly, freeForm, list, string } from "../../wire/values.ts";
import type { MeasuredRow } from "../record-table.ts";
import { roundedCost } from "../spans/cost.ts";
import { percentilesOf, Total } from "./totals.ts";

const percentiles = v.object({ p50: printedNumber(), p90: printedNumber(), p99: printedNumber() });

/** The decimals of durations in answers of the real server. */
const DURATION_PLACES = 9;

/** Percentiles as a field of an answer. */
function percentilesField(durations: readonly number[]): v.InferOutput<typeof percentiles> {
  const { p50, p90, p99 } = percentilesOf(durations);
  const field = (value: number): RawJson => decimalOf(value, DURATION_PLACES);
  return { p50: field(p50), p90: field(p90), p99: field(p99) };
}

const statItem = v.object({
  name: string(),
  value: freeForm(),
  type: exactly("type", ["COUNT", "PERCENTAGE", "AVG"]),
});
type StatItem = v.InferOutput<typeof statItem>;

/** Body of `GET /traces/stats` and `GET /spans/stats`. */
export const recordStats = v.object({ stats: list(statItem) });
export type RecordStats = v.InferOutput<typeof recordStats>;

/** What is known of a record besides its row. */
export interface Measures {
  usage: ReadonlyMap<string, number>;
  /** US dollars; 0 when there is none. */
  cost: number;
  /** The value of each score. */
  scores: ReadonlyMap<string, number>;
  /** Other numbers, whose averages are reported. */
  others: Readonly<Record<string, number>>;
}

/** Adds up records, and reports their counts, percentiles and averages [opik 7.15]. */
export class StatsBuilder {
  #count = 0;
  readonly #durations: number[] = [];
  readonly #has = { input: 0, output: 0, metadata: 0, error: 0 };
  readonly #tags = new Total();
  readonly #cost = new Total();
  readonly #others = new Map<string, Total>();
  readonly #usage = new Map<string, Total>();
  readonly #scores = new Map<string, Total>();

  add(row: MeasuredRow, { usage, cost, scores, others }: Measures): void {
    this.#count += 1;
    if (row.start_time !== null && row.end_time !== null)
      this.#durations.push(millisecondsBetween(row.start_time, row.end_time));
    for (const name of ["input", "output", "metadata", "error"] as const) this.#has[name] += row[name];
    this.#tags.add(row.tags);
    if (cost > 0) this.#cost.add(cost);
    for (const [name, value] of Object.entries(others)) addTo(this.#others, name, value);
    for (const [kind, tokens] of usage) addTo(this.#usage, kind, tokens);
    for (const [name, value] of scores) addTo(this.#scores, name, value);
  }

  /** @param countName how the number of records is called: `trace_count` */
  result(countName: string): RecordStats {
    return {
      stats: [
        count(countName, this.#count),
        { name: "duration", value: RawJson.of(percentilesField(this.#durations)), type: "PERCENTAGE" },
        count("input", this.#has.input),
        count("output", this.#has.output),
        count("metadata", this.#has.metadata),
        average("tags", this.#tags.average),
        ...averages("", this.#others),
        average("total_estimated_cost", roundedCost(this.#cost.average)),
        average("total_estimated_cost_sum", roundedCost(this.#cost.sum)),
        ...averages("usage.", this.#usage),
        ...averages("feedback_scores.", this.#scores),
        count("error_count", this.#has.error),
      ],
    };
  }
}

function addTo(totals: Map<string, Total>, name: string, value: number): void {
  const total = totals.get(name) ?? new Total();
  total.add(value);
  totals.set(name, total);
}

function averages(prefix: string, totals: ReadonlyMap<string, Total>): StatItem[] {
  return [...totals]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, total]) => average(prefix + name, total.average));
}

function count(name: string, value: number): StatItem {
  return { name, value: RawJson.of(value), type: "COUNT" };
}

function average(name: string, value: number): StatItem {
  return { name, value: doubleOf(value), type: "AVG" };
}
