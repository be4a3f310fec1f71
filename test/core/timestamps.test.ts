import { expect, test } from "vitest";
import {
  isLater,
  later,
  millisecondsBetween,
  parseTimestamp,
  printTimestamp,
  readSeconds,
  readTimestamp,
} from "../../src/core/timestamps.ts";

test.for([
  ["2026-11-22T03:53:17.851082Z", "2026-11-22T03:53:17.851082Z"],
  ["2026-11-22T03:53:17.500Z", "2026-11-22T03:53:17.500Z"],
  ["2026-11-22T03:53:17Z", "2026-11-22T03:53:17Z"],
  ["2026-11-22T05:53:17.123456789+02:00", "2026-11-22T03:53:17.123456789Z"],
  ["2026-12-31T23:30:00.5-0100", "2027-01-01T00:30:00.5Z"],
] as const)("%s is kept with its precision, in UTC", ([text, expected]) => {
  expect(readTimestamp(text)).toBe(expected);
});

test("each second in UTC is kept as it is, on the last days of months, too", () => {
  const from = Date.UTC(2023, 11, 20);
  for (let hours = 0; hours < 24 * 450; hours += 5) {
    const text = new Date(from + hours * 3_600_000 + hours * 7_919).toISOString();
    expect(readTimestamp(text)).toBe(text);
  }
});

test.for([
  "",
  "yesterday",
  "2026-11-22",
  "2026-11-22T03:53:17",
  "2026-02-30T00:00:00Z",
  "2026-11-31T00:00:00Z",
  "2026-11-22T24:00:00Z",
  "2026-11-22T03:60:00Z",
  "2026-13-22T03:53:17Z",
  "2026-00-22T03:53:17Z",
  "2026-11-00T03:53:17Z",
  "2026-11-22T03:53:17.Z",
  "2026-11-22T03:53:60Z",
  "2026-11-22T03:53:17+24:00",
  "2026-11-22T03:53:17+01:60",
])("%j is no timestamp", (text) => {
  expect(readTimestamp(text)).toBeUndefined();
  expect(parseTimestamp(text)).toBeUndefined();
});

test.for(["2026-11-22T03:53:17.1234567890Z", "+010000-01-01T00:00:00Z"])("%j has no nine digits or fewer", (text) => {
  expect(readTimestamp(text)).toBeUndefined();
});

test.for([
  ["2026-11-22T03:53:17.8519Z", Date.UTC(2026, 10, 22, 3, 53, 17, 851)],
  ["2026-11-22T05:53:17.5+02:00", Date.UTC(2026, 10, 22, 3, 53, 17, 500)],
  ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
  ["+010000-01-01T00:00:00Z", Date.UTC(10_000, 0, 1)],
] as const)("%s is %i milliseconds since the epoch", ([text, expected]) => {
  expect(parseTimestamp(text)).toBe(expected);
});

test("a time with more digits is later than one without", () => {
  expect(isLater("2026-11-22T03:53:17.1Z", "2026-11-22T03:53:17Z")).toBe(true);
  expect(isLater("2026-11-22T03:53:17Z", "2026-11-22T03:53:17.1Z")).toBe(false);
  expect(later("2026-11-22T03:53:17.851Z", "2026-11-22T03:53:17.851082Z")).toBe("2026-11-22T03:53:17.851082Z");
});

test("durations have microseconds", () => {
  expect(millisecondsBetween("2026-11-22T03:53:17.851082Z", "2026-11-22T03:53:17.903467Z")).toBe(52.385);
  expect(millisecondsBetween("2026-11-22T03:53:17Z", "2026-11-22T03:54:17.5Z")).toBe(60_500);
});

test.for([
  ["2026-01-01T00:00:02Z", "2026-01-01T00:00:02Z"],
  ["2026-01-01T00:00:02.000Z", "2026-01-01T00:00:02Z"],
  ["2026-01-01T00:00:02.5Z", "2026-01-01T00:00:02.500Z"],
  ["2026-01-01T00:00:02.5001Z", "2026-01-01T00:00:02.500100Z"],
  ["2026-01-01T00:00:02.500000Z", "2026-01-01T00:00:02.500Z"],
  ["2026-01-01T00:00:02.1234567Z", "2026-01-01T00:00:02.123456700Z"],
] as const)("%s is printed as %s", ([timestamp, printed]) => {
  expect(printTimestamp(timestamp)).toBe(printed);
});

test.for([
  ["1767225600", "2026-01-01T00:00:00Z"],
  ["1767225600.25", "2026-01-01T00:00:00.25Z"],
  ["0", "1970-01-01T00:00:00Z"],
  ["-1", undefined],
  ["1e9", undefined],
  ["9999999999999", undefined],
  ["", undefined],
] as const)("%j seconds since the epoch are %s", ([seconds, timestamp]) => {
  expect(readSeconds(seconds)).toBe(timestamp);
});
