import { LAST_MOMENT_MS, parseTimestamp } from "../../core/timestamps.ts";

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** So many seconds after a time in milliseconds; not later than times can be written. */
export function secondsAfter(ms: number, seconds: number): number {
  return Math.min(ms + seconds * 1_000, LAST_MOMENT_MS);
}

/**
 * Writes a time as Go does: RFC 3339 in UTC with no more fraction digits than needed [strait 0.5].
 * @param ms milliseconds since the epoch
 */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0+Z$/, "Z");
}

/** Like `formatTime`, for a column that may be empty. */
export function formatOptionalTime(ms: number | null): string | undefined {
  return ms === null ? undefined : formatTime(ms);
}

/**
 * Reads RFC 3339; digits below the millisecond are cut off.
 * @returns milliseconds since the epoch, `undefined` when the text is not such a time
 */
export function parseTime(text: string): number | undefined {
  return RFC_3339.test(text) ? parseTimestamp(text) : undefined;
}
