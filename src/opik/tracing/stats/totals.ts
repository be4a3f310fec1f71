/** A sum of so many numbers. */
export class Total {
  sum = 0;
  count = 0;

  add(value: number): void {
    this.sum += value;
    this.count += 1;
  }

  /** 0 of no numbers. */
  get average(): number {
    return this.sum / Math.max(1, this.count);
  }
}

/** The percentiles of durations that are reported. */
export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
}

/** The percentiles of these numbers; 0 of no numbers. */
export function percentilesOf(numbers: readonly number[]): Percentiles {
  const sorted = numbers.toSorted((left, right) => left - right);
  return { p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), p99: quantile(sorted, 0.99) };
}

/** What the share of the numbers does not exceed, between two of them in proportion; 0 of no numbers. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const lower = sorted[Math.floor(place)] ?? 0;
  const upper = sorted[Math.ceil(place)] ?? 0;
  return lower + (upper - lower) * (place - Math.floor(place));
}
