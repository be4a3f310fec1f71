import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../src/core/shell-word.ts";

test("leaves a text as it is that a shell reads as one word", () => {
  expect(["laptop", "http://127.0.0.1:5173/api", "a=b"].map(shellWord)).toEqual([
    ...["laptop", "http://127.0.0.1:5173/api", "a=b"],
  ]);
});

test
  .skipIf(process.platform === "win32")
  .for(["", "my laptop", "it's", "$(id)", "`id`", "~", "a;b", 'say "x"', "a\\b"])(
  "quotes %j so that a shell reads it as it is",
  (text) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  },
);
