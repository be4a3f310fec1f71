import { expect, test } from "vitest";
import { comparisonKey, fold } from "../../src/core/comparison-key.ts";

test.for([
  ["Demo", "dEMO"],
  ["P", "P "],
  ["é", "E"],
  ["É", "e\u0301"],
  ["Straße", "STRASSE"],
  ["ΟΔΟΣ", "οδος"],
  ["İ", "i"],
  ["ﬁle", "FILE"],
] as const)("%j and %j are one name", ([one, other]) => {
  expect(comparisonKey(one)).toBe(comparisonKey(other));
});

test.for([
  ["P", " P"],
  ["P", "P\t"],
  ["a b", "ab"],
  ["a-b", "ab"],
  ["日本", "日木"],
] as const)("%j and %j are two names", ([one, other]) => {
  expect(comparisonKey(one)).not.toBe(comparisonKey(other));
});

test("the key of plain letters is their lower case, a key is its own key, and a part of a name keeps its blanks", () => {
  expect(comparisonKey("My Project_1%")).toBe("my project_1%");
  expect(comparisonKey(comparisonKey("ΟΔΟΣ Straße"))).toBe(comparisonKey("ΟΔΟΣ Straße"));
  expect(fold("É ")).toBe("e ");
});
