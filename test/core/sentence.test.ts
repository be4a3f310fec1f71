import { expect, test } from "vitest";
import { withFullStop } from "../../src/core/sentence.ts";

test.for([
  ["no tea", "no tea."],
  ["There is no such route.", "There is no such route."],
  ["Did you mean deploy?", "Did you mean deploy?"],
  ["no tea!", "no tea!"],
  ["", "."],
] as const)("%s becomes the sentence %s", ([text, sentence]) => {
  expect(withFullStop(text)).toBe(sentence);
});
