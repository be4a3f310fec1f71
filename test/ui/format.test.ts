import { describe, expect, test } from "vitest";
import { bytes, compareTimes, cost, duration, relativeTime } from "../../src/ui/page/format.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("texts of the page", () => {
  test.each([
    [0, "now"],
    [-59.4 * SECOND, "59 sec. ago"],
    [-59.6 * SECOND, "1 min. ago"],
    [-59.75 * MINUTE, "1 hr. ago"],
    [-23.6 * HOUR, "yesterday"],
    [-49 * HOUR, "2 days ago"],
    // The server's clock was read a moment ago.
    [1.5 * SECOND, "now"],
    [3 * SECOND, "in 3 sec."],
    [2 * HOUR, "in 2 hr."],
  ])("a time %d ms from now is %s", (distance, text) => {
    expect(relativeTime(DAY + distance, DAY)).toBe(text);
  });

  test.each([
    [0.4, "0 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min 0 s"],
    [125 * SECOND, "2 min 5 s"],
    [HOUR - 1, "1 h 0 min"],
    [3 * HOUR + 10 * MINUTE, "3 h 10 min"],
  ])("%d ms last %s", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  test.each([
    [0, "$0"],
    [0.000_000_1, "<$0.000001"],
    [0.000_021, "$0.000021"],
    [0.0123, "$0.0123"],
    [172_839.494, "$172,839.49"],
  ])("%d dollars are %s", (dollars, text) => {
    expect(cost(dollars)).toBe(text);
  });

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [3_400, "3.4 kB"],
    [1_200_000, "1.2 MB"],
  ])("%d bytes are %s", (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  test("times are in order, whether the wire has a fraction of them or not", () => {
    const times = [
      ...["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", "2026-01-01T00:00:00.001500Z"],
      ...["2026-01-01T00:00:00.010Z", "2026-01-01T00:00:01Z"],
    ];
    expect(times.toReversed().toSorted(compareTimes)).toEqual(times);
    expect(compareTimes(times[0]!, times[0]!)).toBe(0);
  });
});
