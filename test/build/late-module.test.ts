import { expect, test } from "vitest";
import { lateModule } from "../../src/build/executable/late-module.ts";

test("a module is loaded once, when one of its exports is read", () => {
  let loads = 0;
  let value = 1;
  const late = lateModule(() => {
    loads += 1;
    return Object.defineProperties({ first: "first" }, { live: { get: () => value, enumerable: true } });
  }) as { first: string; live: number; missing?: string };
  expect(loads).toBe(0);
  expect(late.missing).toBeUndefined();
  expect([late.first, late.live]).toEqual(["first", 1]);
  value = 2;
  expect(late.live).toBe(2);
  expect(Object.keys(late)).toEqual(["first", "live"]);
  expect(loads).toBe(1);
});

test("an error while a module is loaded is thrown where the export is read, and again at the next try", () => {
  let loads = 0;
  const late = lateModule(() => {
    loads += 1;
    if (loads === 1) throw new Error("not there");
    return { value: "there" };
  }) as { value: string };
  expect(() => late.value).toThrow("not there");
  expect(late.value).toBe("there");
});
