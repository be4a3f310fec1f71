import { describe, expect, test } from "vitest";
import { isSchedule, nextFiring, nextWithin } from "../../../src/runs/jobs/cron.ts";

const at = (time: string): number => Date.parse(time);

describe("the next firing of a schedule", () => {
  test.for([
    ["30 9 * * *", undefined, "2026-01-01T00:00:00Z", "2026-01-01T09:30:00Z"],
    ["30 9 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-28T08:30:00Z"],
    ["30 9 * * *", "Europe/Berlin", "2026-03-28T08:30:00Z", "2026-03-29T07:30:00Z"],
    ["0 0 * * 1", "America/New_York", "2026-01-01T00:00:00Z", "2026-01-05T05:00:00Z"],
    ["*/15 8-10 1,15 * *", "", "2026-01-01T10:45:00Z", "2026-01-15T08:00:00Z"],
  ] as const)("%s in zone %s after %s is %s", ([expression, timezone, after, next]) => {
    expect(new Date(nextFiring(expression, timezone, at(after)) ?? 0).toISOString()).toBe(next.replace("Z", ".000Z"));
  });

  test("is none when it never comes", () => {
    expect(nextFiring("0 0 31 2 *", undefined, at("2026-01-01T00:00:00Z"))).toBeUndefined();
  });
});

describe("the next moment within a schedule's minutes", () => {
  test.for([
    ["0-29 9 * * *", undefined, "2026-01-01T09:29:59.999Z", "2026-01-01T09:29:59.999Z"],
    ["0-29 9 * * *", undefined, "2026-01-01T09:30:00.000Z", "2026-01-02T09:00:00.000Z"],
    ["0-29 9 * * *", undefined, "2026-01-01T08:59:59.999Z", "2026-01-01T09:00:00.000Z"],
    ["* 9 * * *", "Europe/Berlin", "2026-01-01T08:15:30.000Z", "2026-01-01T08:15:30.000Z"],
    ["* 9 * * *", "Asia/Kolkata", "2026-01-01T04:30:00.000Z", "2026-01-02T03:30:00.000Z"],
  ] as const)("%s in zone %s from %s is %s", ([expression, timezone, from, next]) => {
    expect(new Date(nextWithin(expression, timezone, at(from)) ?? 0).toISOString()).toBe(next);
  });

  test("is none when it never comes", () => {
    expect(nextWithin("* * 31 2 *", undefined, at("2026-01-01T00:00:00Z"))).toBeUndefined();
  });
});

test("what is no schedule is told from one", () => {
  expect(isSchedule("0 9 * * MON-FRI")).toBe(true);
  for (const wrong of ["61 * * * *", "a b c d e", "* * * * * *", ""]) expect(isSchedule(wrong), wrong).toBe(false);
});
