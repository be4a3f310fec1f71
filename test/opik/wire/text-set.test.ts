import { expect, test } from "vitest";
import { inSetOrder } from "../../../src/opik/wire/text-set.ts";

test("orders texts by their hashes, as a java.util.HashSet does", () => {
  expect(inSetOrder(["production", "v2", "qa"])).toEqual(["qa", "production", "v2"]);
  const months = "January February March April May June July August September October November December";
  // What Java prints: 12 texts fit into 16 buckets, and the 13th doubles them.
  expect(inSetOrder(months.split(" ")).join(" ")).toBe(
    "June October December May September March July January February April August November",
  );
  expect(inSetOrder([...months.split(" "), "Undecimber"]).join(" ")).toBe(
    "June May September March April August October December July January February Undecimber November",
  );
});

test("keeps the order of texts whose hashes share a bucket, and each text once", () => {
  // "Aa" and "BB" have the same hash.
  expect(inSetOrder(["Aa", "BB", "Aa"])).toEqual(["Aa", "BB"]);
  expect(inSetOrder(["BB", "Aa"])).toEqual(["BB", "Aa"]);
});

test("has twice as many buckets for more than 12 texts", () => {
  const letters = [..."abcdefghijklm"];
  // The hash of "q" is 113, which is bucket 1 of 16 and bucket 17 of 32; "a" is in bucket 1 of both.
  expect(inSetOrder(["q", ...letters.slice(0, 11)]).join("")).toBe("qabcdefghijk");
  expect(inSetOrder(["q", ...letters]).join("")).toBe("abcdefghijklmq");
});
