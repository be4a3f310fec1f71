import { OpikError } from "../../wire/errors.ts";

/** The length of the parts in which a metric is reported; `total` is all of the time as one. */
export const INTERVALS = ["hourly", "daily", "weekly", "total"] as const;
export type Interval = (typeof INTERVALS)[number];

const HOUR = 3_600_000;
const LENGTHS = { hourly: HOUR, daily: 24 * HOUR, weekly: 7 * 24 * HOUR } as const;

/** The epoch was a Thursday; weeks begin on Mondays. */
const FIRST_MONDAY = 4 * LENGTHS.daily;

/** The limit of parts of one request; the real server has none. */
const MAX_BUCKETS = 50_000;

/** A span of time in milliseconds since the epoch; both ends belong to it. */
export interface Period {
  start: number;
  end: number;
}

/** Splits a span of time. Parts are known by their beginnings in milliseconds since the epoch. */
export class TimeBuckets {
  readonly #interval: Interval;
  readonly #period: Period;

  constructor(interval: Interval, period: Period) {
    this.#interval = interval;
    this.#period = period;
  }

  /** The part that a point in time belongs to. */
  of(time: number): number {
    if (this.#interval === "total") return Math.floor(this.#period.start / 1_000) * 1_000;
    const length = LENGTHS[this.#interval];
    const origin = this.#interval === "weekly" ? FIRST_MONDAY : 0;
    return Math.floor((time - origin) / length) * length + origin;
  }

  /**
   * The parts that are reported although nothing is in them: all, and none of a total.
   * @throws OpikError 400 when there are too many
   */
  filled(): number[] {
    if (this.#interval === "total") return [];
    const length = LENGTHS[this.#interval];
    const first = this.of(this.#period.start);
    const count = Math.max(0, Math.ceil((Math.floor(this.#period.end / 1_000) * 1_000 - first) / length));
    if (count > MAX_BUCKETS) throw OpikError.message(400, `The interval has more than ${MAX_BUCKETS} parts`);
    return Array.from({ length: count }, (_, index) => first + index * length);
  }
}
