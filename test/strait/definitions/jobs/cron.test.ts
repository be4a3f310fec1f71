import { describe, expect, test } from "vitest";
import { isSchedule, nextFiring, nextWithin } from "../../../../src/strait/definitions/jobs/cron.ts";

const at = (time: string): number => Date.parse(time);

describe("the next firing of a schedule", () => {
  test.for([
    ["30 9 * * *", undefined, "2026-01-01T00:00:00Z", "2026-01-01T09:30:00Z"],
    ["30 9 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-28T08:30:00Z"],
    ["30 9 * * *", "Europe/Berlin", "2026-03-28T08:30:00Z", "2026-03-29T07:30:00Z"],
    ["0 0 * * 1", "America/New_York", "2026-01-01T00:00:00Z", "2026-01-05T05:00:00Z"],
    ["*/15 8-10 1,15 * *", "", "2026-01-01T10:45:00Z", "2026-01-15T08:00:00Z"],
    ["5/15 * * * *", undefined, "2026-01-01T00:50:00Z", "2026-01-01T01:05:00Z"],
    ["*/100 * * * *", undefined, "2026-01-01T00:30:00Z", "2026-01-01T01:00:00Z"],
    ["0 12 ? jan-MAR sun", undefined, "2026-03-30T00:00:00Z", "2027-01-03T12:00:00Z"],
    ["0 0 13 * FRI", undefined, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"],
    ["0 0 */2 * MON", undefined, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"],
    ["0 0 */1 * MON", undefined, "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"],
    // 01:45 is there twice on that day, as in robfig/cron's spec_test.go, and 02:30 on the others.
    ["45 1 * * *", "America/New_York", "2012-11-04T04:00:00Z", "2012-11-04T05:45:00Z"],
    ["45 1 * * *", "America/New_York", "2012-11-04T05:45:00Z", "2012-11-04T06:45:00Z"],
    ["45 1 * * *", "America/New_York", "2012-11-04T06:45:00Z", "2012-11-05T06:45:00Z"],
    ["30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
    ["0,30 * * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z"],
    ["30 1 * * *", "Australia/Lord_Howe", "2026-04-04T14:30:00Z", "2026-04-04T15:00:00Z"],
    // 02:30 does not exist on that day.
    ["30 2 * * *", "Europe/Berlin", "2026-03-28T02:00:00Z", "2026-03-30T00:30:00Z"],
  ] as const)("%s in zone %s after %s is %s", ([expression, timezone, after, next]) => {
    expect(new Date(nextFiring(expression, timezone, at(after)) ?? 0).toISOString()).toBe(next.replace("Z", ".000Z"));
  });

  test.for([
    ["0 0 31 2 *", undefined],
    [", 0 1 1 *", undefined],
    ["0 0 * * *", "Mars/X"],
  ] as const)("is none when it never comes: %s in zone %s", ([expression, timezone]) => {
    expect(nextFiring(expression, timezone, at("2026-01-01T00:00:00Z"))).toBeUndefined();
  });
});

describe("the next moment within a schedule's minutes", () => {
  test.for([
    ["0-29 9 * * *", undefined, "2026-01-01T09:29:59.999Z", "2026-01-01T09:29:59.999Z"],
    ["0-29 9 * * *", undefined, "2026-01-01T09:30:00.000Z", "2026-01-02T09:00:00.000Z"],
    ["0-29 9 * * *", undefined, "2026-01-01T08:59:59.999Z", "2026-01-01T09:00:00.000Z"],
    ["* 9 * * *", "Europe/Berlin", "2026-01-01T08:15:30.000Z", "2026-01-01T08:15:30.000Z"],
    ["0-29 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00.000Z", "2026-10-25T01:10:00.000Z"],
    ["* 9 * * *", "Asia/Kolkata", "2026-01-01T04:30:00.000Z", "2026-01-02T03:30:00.000Z"],
  ] as const)("%s in zone %s from %s is %s", ([expression, timezone, from, next]) => {
    expect(new Date(nextWithin(expression, timezone, at(from)) ?? 0).toISOString()).toBe(next);
  });

  test("is none when it never comes", () => {
    expect(nextWithin("* * 31 2 *", undefined, at("2026-01-01T00:00:00Z"))).toBeUndefined();
  });
});

/** As the real server answers [strait 4.7], and as robfig/cron's parser reads it. */
describe("the notation of schedules", () => {
  const ACCEPTED = ["0 9 * * MON-FRI", "5/15 * * * *", "*/100 * * * *", "? ? ? ? ?", "1-5/2,7 1,15 * jan SUN-SAT"];
  const REFUSED = ["0 0 * * 7", "0 0 L * *", "0 0 LW * *", "0 0 * * 5L", "0 0 15W * *", "0 0 * * 1#2", "60 * * * *"];
  const MALFORMED = ["*/0 * * * *", "5-1 * * * *", "-5 * * * *", "1/2/3 * * * *", "1-2-3 * * * *", "a b c d e", ""];
  const OTHER_FORMS = [
    "@daily",
    "@every 5m",
    "* * * * * *",
    "TZ=UTC * * * * *",
    "1.5 * * * *",
    "99999999999999999999 * * * *",
  ];

  test.for([...ACCEPTED, "0 0 31 2 *", "+5 * * * *", "1,,2 * * * *"])("has %s", (expression) => {
    expect(isSchedule(expression)).toBe(true);
  });

  test.for([...REFUSED, ...MALFORMED, ...OTHER_FORMS])("has no %j", (expression) => {
    expect(isSchedule(expression)).toBe(false);
  });
});
