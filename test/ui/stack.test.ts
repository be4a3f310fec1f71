import { describe, expect, test } from "vitest";
import { splitStack } from "../../src/ui/page/stack.ts";

describe("the stack of an error", () => {
  test.each([
    ["is none of a message alone", "no answer\nat all", "no answer\nat all", ""],
    ["stands behind JavaScript's message", "Error: no\n    at f (a.js:1:2)\n", "Error: no", "    at f (a.js:1:2)"],
    [
      "stands before Python's message",
      'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    raise X\nX: no answer',
      "X: no answer",
      'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    raise X',
    ],
    ["is the text itself when that was cut off", "Traceback (most recent call last):\n  File", undefined, ""],
  ])("%s", (_, text, message = text, stack) => {
    expect(splitStack(text)).toEqual({ message, stack });
  });
});
