import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeDuration, formatDuration, parseDuration } from "../../src/core/durations.ts";

describe("durations", () => {
  test.each([
    ["500ms", 500],
    ["15s", 15_000],
    ["30m", 1_800_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["0s", 0],
    ["1.5s", 1_500],
    [" 10 s ", 10_000],
    ["0.1ms", 0],
  ])("%j is read", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "15", "s", "15 seconds", "15S", "-15s", "1,5s", "1e3s", "15s30s", "five m", ".5s", "٥s", "365251d"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test("are written so that they read back the same", () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test("are written in the largest unit that gives a whole number", () => {
    expect([0, 1, 1_500, 15_000, 90_000, 1_800_000, 86_400_000, 604_800_000].map(formatDuration)).toEqual([
      "0ms",
      "1ms",
      "1500ms",
      "15s",
      "90s",
      "30m",
      "1d",
      "7d",
    ]);
  });

  test("are described for people", () => {
    expect([0, 4.6, 999, 1_234, 59_900, 180_000, 3_600_000, 9_000_000].map(describeDuration)).toEqual([
      "0 ms",
      "5 ms",
      "999 ms",
      "1.2 s",
      "59.9 s",
      "3 min",
      "1.0 h",
      "2.5 h",
    ]);
  });
});
