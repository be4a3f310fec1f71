import { expect, test } from "vitest";
import { merge, timeOfUpdate, timeOfWrite, UNWRITTEN } from "../../../src/opik/tracing/merge.ts";

interface Row {
  name: string | null;
  output_json: string | null;
  last_updated_at: string;
  versions_json: string;
}

const EMPTY: Row = { name: null, output_json: null, ...UNWRITTEN };
const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;

test("the newer value of a column counts, in whatever order the two come", () => {
  const older = { name: "older" };
  const newer = { name: "newer" };
  expect(merge(merge(EMPTY, older, at(1)), newer, at(2))).toMatchObject({ name: "newer", last_updated_at: at(2) });
  expect(merge(merge(EMPTY, newer, at(2)), older, at(1))).toMatchObject({ name: "newer", last_updated_at: at(2) });
});

test("of two values of one time the one that comes later counts", () => {
  expect(merge(merge(EMPTY, { name: "first" }, at(1)), { name: "second" }, at(1)).name).toBe("second");
});

test("an older write fills empty fields, and a newer one keeps the fields that it does not have", () => {
  const row = merge(merge(EMPTY, { output_json: "1" }, at(2)), { name: "n", output_json: "0" }, at(1));
  expect(row).toMatchObject({ name: "n", output_json: "1" });
  expect(merge(row, { name: null }, at(3)).name).toBe("n");
});

test("two older writes are ordered by their own times, not by the row's", () => {
  const updated = merge(EMPTY, { output_json: "1" }, at(3));
  const started = merge(updated, { name: "start" }, at(1));
  expect(merge(started, { name: "end" }, at(2)).name).toBe("end");
});

test("an update is made now, a late first write before all updates", () => {
  const now = "2026-01-01T00:00:06.000Z";
  const times = { now, clients: now };
  const row = { ...EMPTY, start_time: at(0), last_updated_at: at(5) };
  expect(timeOfUpdate(row, times)).toBe("2026-01-01T00:00:06.000Z");
  expect(timeOfWrite(row, times)).toBe("2026-01-01T00:00:06.000Z");
  expect(timeOfWrite({ ...row, start_time: null }, times)).toBe("1970-01-01T00:00:00Z");
});

test("a row is ahead of an update when it is ahead of the clients' clocks, not of a virtual clock alone", () => {
  const row = { last_updated_at: at(5) };
  const now = "2026-01-01T00:00:01.000Z";
  expect(timeOfUpdate(row, { now, clients: now })).toBe("2026-01-01T00:00:01.000Z");
  expect(timeOfUpdate(row, { now, clients: at(9) })).toBe(at(5));
});

test("an update of a row that is ahead of it only fills what is empty", () => {
  const ahead = merge(EMPTY, { name: "row" }, "2299-01-01T00:00:00Z");
  expect(merge(ahead, { name: "update", output_json: "1" }, at(1))).toMatchObject({
    name: "row",
    output_json: "1",
    last_updated_at: "2299-01-01T00:00:00Z",
  });
});
