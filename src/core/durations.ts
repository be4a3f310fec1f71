const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION_PATTERN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;

/** The limit of durations: a thousand years, which lead from any time to a date that there is. */
const LONGEST_MS = 365_250 * UNIT_MS.d;

/**
 * Reads a duration as Opik's settings write it: `500ms`, `15s`, `30m`, `24h`, `7d`.
 * @returns milliseconds, or `undefined` when the text is not a duration, or one of more than a thousand years
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const ms = Math.round(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
  return ms <= LONGEST_MS ? ms : undefined;
}

/** Writes milliseconds in the largest unit that gives a whole number, so that it reads back the same. */
export function formatDuration(ms: number): string {
  const units = Object.entries(UNIT_MS).toReversed();
  const [unit, size] = units.find(([, size]) => ms > 0 && ms % size === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}

/** Writes how long something took, for people: `5 ms`, `1.2 s`, `3 min`. */
export function describeDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
