import { expect, test } from "vitest";
import { didYouMean } from "../../src/core/did-you-mean.ts";

test.for([
  ["nme", " Did you mean name?"],
  ["NMAE", " Did you mean name?"],
  ["descripton_", " Did you mean description?"],
  ["colour", ""],
  ["", ""],
])("for %j, among name, description and workspace, it is%s", ([given, hint]) => {
  expect(didYouMean(given!, ["workspace", "name", "description"])).toBe(hint);
});

test("what is far too long is compared with nothing, however long it is", () => {
  expect(didYouMean("x".repeat(50_000_000), ["name"])).toBe("");
});
