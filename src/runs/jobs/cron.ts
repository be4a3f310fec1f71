import { Cron } from "croner";

/**
 * When a schedule fires next.
 * @param expression five fields: minute, hour, day of month, month, day of week
 * @param timezone IANA name; default UTC, so that a schedule means the same on every machine
 * @param after milliseconds since the epoch
 * @returns milliseconds since the epoch; `undefined` when it never does
 */
export function nextFiring(expression: string, timezone: string | undefined, after: number): number | undefined {
  const schedule = new Cron(expression, { timezone: timezone || "UTC", mode: "5-part", paused: true });
  return schedule.nextRun(new Date(after))?.getTime();
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

/** Whether a schedule can be read. */
export function isSchedule(expression: string): boolean {
  try {
    nextFiring(expression, undefined, 0);
    return true;
  } catch {
    return false;
  }
}
