import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RawJson } from "../../../src/core/json.ts";
import { goJsonSlices, writeGoJson } from "../../../src/strait/wire/answer.ts";

const MEBIBYTE = 1024 * 1024;

describe("slices of an answer", () => {
  test("are together what is written at once, as Go's encoder writes it", () => {
    const text = fc.string({ unit: fc.constantFrom("<", ">", "&", "\u2028", "a", "\n") });
    fc.assert(
      fc.property(fc.oneof(text, fc.array(text), fc.dictionary(text, fc.array(text))), (value) => {
        expect([...goJsonSlices(value)].join("")).toBe(writeGoJson(value));
      }),
    );
  });

  test("are one for a small answer, and several for a page of large runs", () => {
    expect([...goJsonSlices({ a: "<" })]).toEqual(['{"a":"\\u003c"}\n']);
    const payload = new RawJson(`"${"<".repeat(2 * MEBIBYTE)}"`);
    const slices = [...goJsonSlices({ data: [{ payload }, { payload }] })];
    expect(slices.length).toBeGreaterThan(4);
    expect(slices.at(-1)?.endsWith("\n")).toBe(true);
  });
});
