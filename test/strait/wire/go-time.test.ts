import { expect, test } from "vitest";
import { goTimeError } from "../../../src/strait/wire/go-time.ts";

const LAYOUT = '"2006-01-02T15:04:05Z07:00"';

test.each([
  ["x", `as ${LAYOUT}: cannot parse "x" as "2006"`],
  ["2026-1-02", `as ${LAYOUT}: cannot parse "1-02" as "01"`],
  ["2026-01-02 03:04:05Z", `as ${LAYOUT}: cannot parse " 03:04:05Z" as "T"`],
  ["2026-01-02T03:04:05", `as ${LAYOUT}: cannot parse "" as "Z07:00"`],
])("%s is no time", (text, reason) => {
  expect(goTimeError(text)).toBe(`parsing time "${text}" ${reason}`);
});

test.each([
  ["2026-13-02T03:04:05Z", "month out of range"],
  ["2026-02-30T03:04:05Z", "day out of range"],
  ["2026-01-02T24:04:05Z", "hour out of range"],
  ["2026-01-02T03:04:05Zx", 'extra text: "x"'],
])("%s is out of range", (text, reason) => {
  expect(goTimeError(text)).toBe(`parsing time "${text}": ${reason}`);
});
