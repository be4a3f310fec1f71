import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesWildcards, readStars } from "../../src/core/wildcards.ts";

function isAs(text: string, pattern: string): boolean {
  return matchesWildcards(text, readStars(pattern), (character, wanted) => character === wanted);
}

test("matches what a regular expression of the pattern matches", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), few, (text, pattern) => {
      expect(isAs(text, pattern)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
    }),
  );
});

test("takes no longer with many stars", () => {
  expect(isAs("a".repeat(10_000), `${"*a".repeat(1_000)}*b`)).toBe(false);
  expect(isAs("a".repeat(10_000), `${"*a".repeat(1_000)}*`)).toBe(true);
});
