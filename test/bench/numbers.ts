/** The value below which the given part (0 to 1) of the numbers lies. */
export function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

/** How long something took, in milliseconds. */
export interface Took {
  wall: number;
  /** Of the processor, all threads together; `NaN` where the system does not tell. */
  cpu: number;
}

/** The medians of several measurements. */
export function medianOf(took: readonly Took[]): Took {
  return { wall: median(took.map(({ wall }) => wall)), cpu: median(took.map(({ cpu }) => cpu)) };
}
