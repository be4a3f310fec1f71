import { Cron } from "croner";
import { readSchedule } from "./cron-grammar.ts";

/**
 * When a schedule fires next. A time that a change to daylight saving time leaves out does not fire, as in robfig/cron.
 * @param expression five fields: minute, hour, day of month, month, day of week
 * @param timezone IANA name; default UTC, so that a schedule means the same on every machine
 * @param after milliseconds since the epoch
 * @returns milliseconds since the epoch; `undefined` when it never does, also for a time zone that is not known
 */
export function nextFiring(expression: string, timezone: string | undefined, after: number): number | undefined {
  const fields = readSchedule(expression);
  if (fields === undefined || fields.includes("") || !isTimezone(timezone || "UTC")) return undefined;
  const schedule = new Cron(fields.join(" "), { timezone: timezone || "UTC", mode: "5-part", paused: true });
  let next = schedule.nextRun(new Date(after));
  // croner moves a time that is left out to the end of the gap, which matches only if it is asked for itself.
  while (next !== null && !schedule.match(next)) next = schedule.nextRun(next);
  return next?.getTime();
}

const MINUTE_MS = 60_000;

/**
 * The next moment at which the minute is one of a schedule's, which may be now.
 * @param from milliseconds since the epoch
 * @returns milliseconds since the epoch: `from` itself, or the beginning of a later minute; `undefined` when none comes
 */
export function nextWithin(expression: string, timezone: string | undefined, from: number): number | undefined {
  const minute = from - (from % MINUTE_MS);
  const next = nextFiring(expression, timezone, minute - MINUTE_MS);
  return next === minute ? from : next;
}

/** Whether a schedule can be read; it may be one that never fires, such as `0 0 31 2 *`. */
export function isSchedule(expression: string): boolean {
  return readSchedule(expression) !== undefined;
}

/** Whether there is a time zone of that name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}
