import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run } from "./terminal.ts";

const FOLDER = new URL("../../src/cli/help/", import.meta.url);
const topics = readdirSync(FOLDER).map((name) => name.replace(/\.md$/, ""));

const WIDTH = 100;

function tooLong(text: string): string[] {
  return text.split("\n").filter((line) => line.length > WIDTH);
}

describe("opik-local help", () => {
  test("has the topics that README leaves out", () => {
    const named = ["settings", "fixtures", "ci", "executor", "time", "faults", "exit-codes", "testing", "mcp"];
    expect(topics).toEqual(expect.arrayContaining(named));
  });

  test("lists each topic with its heading, on one line", async () => {
    const { code, out } = await run(["help"]);
    expect(code).toBe(0);
    expect(out.match(/^opik-local help /gm)).toHaveLength(topics.length);
    for (const topic of topics) expect(out).toMatch(new RegExp(`^opik-local help ${topic} +\\w`, "m"));
    expect(tooLong(out)).toEqual([]);
  });

  test.each(topics)("explains %s in lines that fit a terminal", async (topic) => {
    const { code, out } = await run(["help", topic]);
    expect(code).toBe(0);
    const [title, empty] = out.split("\n");
    expect(title).toMatch(/^\w/);
    expect(empty).toBe("");
    expect(tooLong(out)).toEqual([]);
  });

  test.each(topics)("has a file for %s that can be read as it is", (topic) => {
    const text = readFileSync(new URL(`${topic}.md`, FOLDER), "utf8");
    // The rows of tables are not broken, and some are written by a program.
    expect(tooLong(text).filter((line) => !line.startsWith("|"))).toEqual([]);
  });

  test("names the topics when there is none of that name", async () => {
    expect(await run(["help", "exit-code"])).toMatchObject({
      code: 2,
      error: "There is no help on exit-code. Did you mean exit-codes?\n",
    });
    expect((await run(["help", "../secret"])).error).toContain("There are: ");
  });
});
