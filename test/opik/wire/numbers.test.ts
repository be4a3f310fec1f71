import { expect, test } from "vitest";
import { decimalOf, doubleOf } from "../../../src/opik/wire/numbers.ts";

test.for([
  [0, "0.0"],
  [-0, "-0.0"],
  [1500, "1500.0"],
  [1499.999, "1499.999"],
  [-12.5, "-12.5"],
  [0.001, "0.001"],
  [0.00099, "9.9E-4"],
  [1e-7, "1.0E-7"],
  [9_999_999, "9999999.0"],
  [10_000_000, "1.0E7"],
  [123_456_789.5, "1.234567895E8"],
  [1e22, "1.0E22"],
  [Number.POSITIVE_INFINITY, '"Infinity"'],
  [Number.NaN, '"NaN"'],
] as const)("the double %d is printed as %s", ([value, text]) => {
  expect(doubleOf(value).text).toBe(text);
});

test.for([
  [0.5, "0.500000000000"],
  [3, "3.000000000000"],
  [-0.25, "-0.250000000000"],
  [1234567.123456789, "1234567.123456789000"],
  [0.000075, "0.000075000000"],
  [0.00000075, "7.50000E-7"],
  [1e-12, "1E-12"],
  [0.1234567890129, "0.123456789012"],
  [1e21, "1000000000000000000000.000000000000"],
] as const)("the decimal %d of twelve places is printed as %s", ([value, text]) => {
  expect(decimalOf(value, 12).text).toBe(text);
});
