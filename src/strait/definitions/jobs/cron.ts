import { Cron } from "croner";
import { RecentMap } from "../../../core/recent-map.ts";
import { readSchedule } from "./cron-grammar.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * When a schedule fires next. A time that a change to daylight saving time leaves out does not fire, and one that the
 * change back repeats fires twice, as in robfig/cron (spec_test.go).
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
  return (timezone ? repeatedFiring(schedule, timezone, after) : undefined) ?? next?.getTime();
}

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
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The first firing within an hour after a time around which clocks are set back: croner leaves out the repeated ones. */
function repeatedFiring(schedule: Cron, timezone: string, after: number): number | undefined {
  if (offsetAt(timezone, after - HOUR_MS) <= offsetAt(timezone, after + HOUR_MS)) return undefined;
  const minute = after - (after % MINUTE_MS);
  for (let time = minute + MINUTE_MS; time <= minute + HOUR_MS; time += MINUTE_MS) {
    if (schedule.match(new Date(time))) return time;
  }
  return undefined;
}

/** Formats by time zone: creating one takes longer than all else. */
const formats = new RecentMap<string, Intl.DateTimeFormat>(16);

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const numeric = "numeric";
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: timezone, calendar: "gregory", hourCycle: "h23" },
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  });
  formats.set(timezone, format);
  return format;
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(timezone: string, time: number): number {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const at = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second"));
  return local - (time - (time % 1_000));
}
