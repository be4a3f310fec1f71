import { expect, test } from "vitest";
import { MOST_ROWS_OF_PAGE, queryPageSize } from "../../src/opik/wire/parameters.ts";

test("a page of a list has an upper bound, whatever size is asked for", () => {
  const size = queryPageSize(25);
  expect(size.read(undefined, "size")).toBe(25);
  expect(size.read("1000", "size")).toBe(1_000);
  expect(size.read("500000", "size")).toBe(MOST_ROWS_OF_PAGE);
  expect(size.violation?.(size.read("0", "size"))).toBe("must be greater than or equal to 1");
  expect(() => size.read("2147483648", "size")).toThrow("404");
});
