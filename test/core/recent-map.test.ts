import { expect, test } from "vitest";
import { RecentMap } from "../../src/core/recent-map.ts";

test("keeps at least as many entries as its limit, the last ones", () => {
  const map = new RecentMap<number, string>(3);
  for (let key = 1; key <= 10; key += 1) map.set(key, `value ${key}`);
  expect([8, 9, 10].map((key) => map.get(key))).toEqual(["value 8", "value 9", "value 10"]);
});

test("forgets what was set before twice its limit", () => {
  const map = new RecentMap<number, string>(3);
  for (let key = 1; key <= 10; key += 1) map.set(key, `value ${key}`);
  expect([1, 2, 3, 4].map((key) => map.get(key))).toEqual([undefined, undefined, undefined, undefined]);
});
