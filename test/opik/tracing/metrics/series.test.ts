import { expect, test } from "vitest";
import { RawJson } from "../../../../src/core/json.ts";
import { Series } from "../../../../src/opik/tracing/metrics/series.ts";
import { TimeBuckets } from "../../../../src/opik/tracing/metrics/time-buckets.ts";

test("curves with more points than one answer can have are refused", () => {
  const hours = 40_000;
  const curves = (count: number): unknown => {
    const names = Array.from({ length: count }, (_, index) => `score ${index}`);
    const series = new Series(new TimeBuckets("hourly", { start: 0, end: hours * 3_600_000 }), names);
    return series.result(() => RawJson.of(0)).length;
  };
  expect(curves(1)).toBe(1);
  expect(() => curves(13)).toThrow(expect.objectContaining({ status: 400 }) as Error);
});
