import { RawJson } from "../../../core/json.ts";
import { millisecondsBetween } from "../../../core/timestamps.ts";
import { decimalOf, doubleOf } from "../../wire/numbers.ts";
import type { MeasuredRow } from "../record-table.ts";
import { roundedCost } from "../spans/cost.ts";
import type { Measures } from "../stats/stats.ts";
import { percentilesOf } from "../stats/totals.ts";

/** The kinds of records that are measured. */
export type EntityKind = "traces" | "spans" | "threads";

/** The fields of a record that metrics read. */
export type Measured = readonly [row: MeasuredRow, measures: Measures];

/** How a metric of a project is computed [opik 7.18]. */
export interface Metric {
  of: EntityKind;
  /** The series that are reported even when no record has a number for them. */
  series: readonly string[];
  /** The numbers of a record by series; NaN for a record that counts but has none. */
  numbersOf(measured: Measured): ReadonlyMap<string, number>;
  /** Reduces the numbers of a series to one, also when there are none. */
  reduce(numbers: readonly number[], series: string): RawJson;
}

const [COST_PLACES, OTHER_PLACES] = [12, 9];

const NONE = RawJson.of(null);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const averageOf = (numbers: readonly number[]): number => sumOf(numbers) / numbers.length;
const known = (numbers: readonly number[]): number[] => numbers.filter((number) => Number.isFinite(number));
const decimal = (number: number): RawJson => decimalOf(Number(number.toFixed(OTHER_PLACES)), OTHER_PLACES);

/** How long a record took in milliseconds; NaN when it has not ended. */
export function durationOf([{ start_time, end_time }]: Measured): number {
  return start_time === null || end_time === null ? Number.NaN : millisecondsBetween(start_time, end_time);
}

/** A metric with one number of each record. */
function single(
  of: EntityKind,
  name: string,
  numberOf: (measured: Measured) => number,
  reduce: (numbers: readonly number[]) => RawJson,
): Metric {
  return { of, series: [name], numbersOf: (measured) => new Map([[name, numberOf(measured)]]), reduce };
}

function count(of: EntityKind, name: string): Metric {
  return single(
    of,
    name,
    () => 1,
    (numbers) => RawJson.of(numbers.length),
  );
}

function cost(of: EntityKind, name: string): Metric {
  return single(
    of,
    name,
    ([, measures]) => measures.cost,
    (costs) => decimalOf(roundedCost(sumOf(costs)), COST_PLACES),
  );
}

function averageDuration(of: EntityKind, name: string): Metric {
  return single(of, name, durationOf, (durations) => {
    const ended = known(durations);
    return ended.length === 0 ? NONE : decimal(averageOf(ended));
  });
}

function errorRate(of: EntityKind, name: string): Metric {
  return single(
    of,
    name,
    ([row]) => row.error * 100,
    (rates) => decimal(rates.length === 0 ? 0 : averageOf(rates)),
  );
}

const PERCENTILES = ["p50", "p90", "p99"] as const;

function durations(of: EntityKind, prefix: string): Metric {
  const names = new Map(PERCENTILES.map((percentile) => [`${prefix}.${percentile}`, percentile]));
  return {
    of,
    series: [...names.keys()],
    numbersOf: (measured) => new Map([...names.keys()].map((name) => [name, durationOf(measured)])),
    reduce: (numbers, name) => {
      const percentile = names.get(name);
      if (numbers.length === 0 || percentile === undefined) return NONE;
      return decimalOf(percentilesOf(known(numbers))[percentile], OTHER_PLACES);
    },
  };
}

function tokens(of: EntityKind): Metric {
  return {
    of,
    series: [],
    numbersOf: ([, { usage }]) => new Map([...usage].filter(([, amount]) => amount > 0)),
    reduce: (amounts) => RawJson.of(sumOf(amounts)),
  };
}

function scores(of: EntityKind): Metric {
  return {
    of,
    series: [],
    numbersOf: ([, measures]) => measures.scores,
    // The real server takes 0 for no score at all.
    reduce: (values) => (sumOf(values) === 0 ? NONE : doubleOf(averageOf(values))),
  };
}

export const METRICS = {
  feedback_scores: scores("traces"),
  trace_count: count("traces", "traces"),
  token_usage: tokens("traces"),
  duration: durations("traces", "duration"),
  cost: cost("traces", "cost"),
  // Guardrails are not served here.
  guardrails_failed_count: { ...count("traces", "failed"), numbersOf: () => new Map<string, number>() },
  thread_count: count("threads", "threads"),
  thread_duration: durations("threads", "thread_duration"),
  thread_feedback_scores: scores("threads"),
  span_feedback_scores: scores("spans"),
  span_count: count("spans", "spans"),
  span_duration: durations("spans", "span_duration"),
  span_token_usage: tokens("spans"),
  trace_average_duration: averageDuration("traces", "trace_average_duration"),
  trace_error_rate: errorRate("traces", "trace_error_rate"),
  span_average_duration: averageDuration("spans", "span_average_duration"),
  span_cost: cost("spans", "span_cost"),
  span_error_rate: errorRate("spans", "span_error_rate"),
  thread_average_duration: averageDuration("threads", "thread_average_duration"),
  thread_cost: cost("threads", "thread_cost"),
} as const satisfies Record<string, Metric>;

export type MetricType = keyof typeof METRICS;
export const METRIC_TYPES = Object.keys(METRICS) as MetricType[];
