const TENTH_MS = 100;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** A time that is so little ahead is `now`: it comes from a server whose clock was read a moment ago. */
const AHEAD_MS = 2 * SECOND_MS;

/** Units of time with their lengths, and how many of them are one of the next unit. */
const UNITS = [
  ["second", SECOND_MS, 60],
  ["minute", MINUTE_MS, 60],
  ["hour", HOUR_MS, 24],
] as const;

/** `3 sec. ago`, `in 2 hr.` */
export function relativeTime(time: number, now: number): string {
  const ahead = time - now;
  const distance = ahead > 0 && ahead < AHEAD_MS ? 0 : ahead;
  for (const [unit, length, count] of UNITS) {
    const rounded = Math.round(distance / length);
    if (Math.abs(rounded) < count) return RELATIVE.format(rounded, unit);
  }
  return RELATIVE.format(Math.round(distance / DAY_MS), "day");
}

/** `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 10 min` */
export function duration(milliseconds: number): string {
  const whole = Math.round(milliseconds);
  if (whole < SECOND_MS) return `${whole} ms`;
  const tenths = Math.round(whole / TENTH_MS);
  if (tenths * TENTH_MS < MINUTE_MS) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(whole / SECOND_MS);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time between two times on the wire; `undefined` when one is missing. */
export function durationBetween(start: string | undefined, end: string | undefined): string | undefined {
  if (start === undefined || end === undefined) return undefined;
  return duration(Math.max(0, Date.parse(end) - Date.parse(start)));
}

/**
 * Orders two times on the wire, the earlier one first. The wire leaves out a fraction of zero, and as texts `00Z` would come
 * after `00.001Z`.
 */
export function compareTimes(left: string, right: string): number {
  const [a, b] = [left.replace(/Z$/, ""), right.replace(/Z$/, "")];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The end of a UUID, which differs between ids that were made together. */
export function shortId(id: string): string {
  return id.slice(-8);
}

const KILOBYTE = 1_000;
const MEGABYTE = 1_000 * KILOBYTE;

/** `12 B`, `3.4 kB`, `1.2 MB` */
export function bytes(count: number): string {
  if (count < KILOBYTE) return `${count} B`;
  return count < MEGABYTE ? `${(count / KILOBYTE).toFixed(1)} kB` : `${(count / MEGABYTE).toFixed(1)} MB`;
}

/** A value in one line, cut. */
export function preview(value: unknown, length = 120): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** `1 span`, `3 spans` */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}

/** `12`, `1.2k`, `3.4M` */
export function compact(count: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

const DOLLARS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
/** Costs below this one, in dollars, are not shown exactly. */
const LEAST_COST = 0.000_001;

/** `$12.30`, `$0.0123`, `$0.000021` */
export function cost(dollars: number): string {
  if (dollars >= 1) return `$${dollars.toLocaleString("en", DOLLARS)}`;
  if (dollars < LEAST_COST) return dollars === 0 ? "$0" : "<$0.000001";
  return `$${dollars >= 0.01 ? Number(dollars.toPrecision(3)) : dollars.toFixed(6).replace(/0+$/, "")}`;
}

/** Parses JSON; all else is the text that it is. */
export function jsonOrText(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
