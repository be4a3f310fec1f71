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

test.for([
  ["queue", " Did you mean queue_name?"],
  ["Queue", " Did you mean queue_name?"],
  ["projectIdentifierOfTheJob", " Did you mean project?"],
  ["slug-of-my-job", " Did you mean slug?"],
  ["queues_and_more", ""],
  ["q", ""],
])("words that were left out or added at the end are found: for %j it is%s", ([given, hint]) => {
  expect(didYouMean(given!, ["queue_name", "queue_name_of_a_worker", "project", "slug"])).toBe(hint);
});

test("what is far too long is compared with nothing, however long it is", () => {
  expect(didYouMean("x".repeat(50_000_000), ["name"])).toBe("");
});
