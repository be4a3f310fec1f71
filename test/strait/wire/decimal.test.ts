import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal } from "../../../src/strait/wire/decimal.ts";

test.each([
  [0, "0"],
  [12.5, "12.5"],
  [-3, "-3"],
  [1e-7, "0.0000001"],
  [-1.25e-7, "-0.000000125"],
  [1.5e21, "1500000000000000000000"],
  [123.456, "123.456"],
])("%d is written without an exponent", (value, text) => {
  expect(decimal(value).text).toBe(text);
});

test("every number is read back as it was", () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      const { text } = decimal(value);
      expect(text).not.toContain("e");
      expect(Number(text) + 0).toBe(value + 0);
    }),
  );
});
