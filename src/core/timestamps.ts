/*
 * Points in time as text, for clients that are more precise than JavaScript's milliseconds: ISO 8601 in UTC,
 * `2026-11-22T03:53:17.851082Z`, with as many digits of the second (at most nine) as were given.
 */

/** A year after 9999, which a server's clock can be set to, has a sign and six digits. */
const ISO_8601 = /^((?:\d{4}|\+\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i;

const LONGEST_FRACTION = ".123456789".length;

/** The last moment that RFC 3339 can write, in milliseconds since the epoch. */
export const LAST_MOMENT_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

interface Reading {
  /** Whole seconds, in milliseconds since the epoch. */
  ms: number;
  /** The same as an ISO 8601 timestamp without its zone. */
  seconds: string;
  /** The fraction of the second as it was written: `.851082`, or nothing. */
  fraction: string;
}

/** The one parser of points in time that people and clients write. */
function read(text: string): Reading | undefined {
  const [, seconds, fraction = "", zone] = ISO_8601.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return undefined;
  const local = Date.parse(`${seconds}Z`);
  const offset = offsetMs(zone);
  // `Date.parse` takes the 31st of a shorter month for the 1st of the next.
  if (Number.isNaN(local) || offset === undefined) return undefined;
  const written = wholeSeconds(local);
  if (written !== seconds.toUpperCase()) return undefined;
  return { ms: local - offset, seconds: offset === 0 ? written : wholeSeconds(local - offset), fraction };
}

/**
 * Reads a timestamp with its zone.
 * @returns milliseconds since the epoch, digits below the millisecond cut off; `undefined` when it is none, also for a
 * day that the month does not have
 */
export function parseTimestamp(text: string): number | undefined {
  const reading = read(text);
  return reading && reading.ms + Number(reading.fraction.slice(1, 4).padEnd(3, "0"));
}

/** Most timestamps: in UTC already, on a day that every month has. */
const IN_UTC = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/**
 * Reads a timestamp with its zone and writes it in UTC, with the precision it has.
 * @returns `undefined` when it is none
 */
export function readTimestamp(text: string): string | undefined {
  if (IN_UTC.test(text)) return text;
  const reading = read(text);
  if (reading === undefined || reading.fraction.length > LONGEST_FRACTION || reading.ms > LAST_MOMENT_MS)
    return undefined;
  return `${reading.seconds}${reading.fraction}Z`;
}

/** Seconds since the epoch, with at most nine digits after the point. */
const SECONDS = /^(\d{1,12})(?:\.(\d{1,9}))?$/;

/**
 * Reads seconds since the epoch and writes them as a timestamp in UTC.
 * @returns `undefined` when the text is none
 */
export function readSeconds(text: string): string | undefined {
  const [, whole, fraction] = SECONDS.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return `${wholeSeconds(Number(whole) * 1_000)}${fraction === undefined ? "" : `.${fraction}`}Z`;
}

/** A timestamp as Java prints it: with no, three, six or nine digits of the second [opik 1.4]. */
export function printTimestamp(timestamp: string): string {
  const [seconds = "", fraction = ""] = timestamp.slice(0, -1).split(".");
  const digits = fraction.replace(/0+$/, "");
  if (digits === "") return `${seconds}Z`;
  return `${seconds}.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}Z`;
}

/** Whether `left` is after `right`. */
export function isLater(left: string, right: string): boolean {
  // Without the Z, more digits of the same second come later in the alphabet too.
  return left.slice(0, -1) > right.slice(0, -1);
}

/** The later of two timestamps. */
export function later(left: string, right: string): string {
  return isLater(left, right) ? left : right;
}

/** From `start` to `end` in milliseconds, with microseconds as the fraction. */
export function millisecondsBetween(start: string, end: string): number {
  return (microseconds(end) - microseconds(start)) / 1_000;
}

function microseconds(timestamp: string): number {
  const [seconds = "", fraction = ""] = timestamp.slice(0, -1).split(".");
  return Date.parse(`${seconds}Z`) * 1_000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

function wholeSeconds(time: number): string {
  return new Date(time).toISOString().slice(0, -".000Z".length);
}

/** `undefined` when there is no such offset. */
function offsetMs(zone: string): number | undefined {
  if (zone.length === 1) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
