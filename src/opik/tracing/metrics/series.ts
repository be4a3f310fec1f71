import type { RawJson } from "../../../core/json.ts";
import { printTimestamp } from "../../../core/timestamps.ts";
import { OpikError } from "../../wire/errors.ts";
import type { TimeBuckets } from "./time-buckets.ts";

/** A point of a curve. */
interface Point {
  time: string;
  value: RawJson;
}

/** A curve with its points, the earliest first. */
export interface Curve {
  name: string;
  data: Point[];
}

/** The limit of points of all curves of one request; the real server has none. */
const MAX_POINTS = 500_000;

/** Numbers by the name of their curve and by parts of time. */
export class Series {
  readonly #buckets: TimeBuckets;
  readonly #numbers = new Map<string, Map<number, number[]>>();

  /** @param names of curves that are there even without a number */
  constructor(buckets: TimeBuckets, names: Iterable<string> = []) {
    this.#buckets = buckets;
    for (const name of names) this.#numbers.set(name, new Map());
  }

  /** @param time milliseconds since the epoch */
  add(name: string, time: number, number: number): void {
    const ofName = this.#numbers.get(name) ?? new Map<number, number[]>();
    this.#numbers.set(name, ofName);
    const bucket = this.#buckets.of(time);
    const numbers = ofName.get(bucket);
    if (numbers === undefined) ofName.set(bucket, [number]);
    else numbers.push(number);
  }

  /**
   * The curves by name; parts of time without a number have the result of `reduce` for none.
   * @throws OpikError 400 when they would have too many points
   */
  result(reduce: (numbers: readonly number[], name: string) => RawJson): Curve[] {
    const filled = this.#buckets.filled();
    if (filled.length * this.#numbers.size > MAX_POINTS)
      throw OpikError.message(400, `The metric has more than ${MAX_POINTS} points`);
    return this.#curves(filled, reduce);
  }

  /** The curves by name, without the parts of time that have no number. */
  resultWithoutGaps(reduce: (numbers: readonly number[], name: string) => RawJson): Curve[] {
    return this.#curves([], reduce);
  }

  #curves(filled: readonly number[], reduce: (numbers: readonly number[], name: string) => RawJson): Curve[] {
    return [...this.#numbers]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, numbers]) => {
        const times = [...new Set([...filled, ...numbers.keys()])].toSorted((one, other) => one - other);
        return { name, data: times.map((time) => pointOf(time, reduce(numbers.get(time) ?? [], name))) };
      })
      .filter(({ data }) => data.length > 0);
  }
}

function pointOf(time: number, value: RawJson): Point {
  return { time: printTimestamp(new Date(time).toISOString()), value };
}
