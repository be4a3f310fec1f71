import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run } from "./terminal.ts";

const FOLDER = new URL("../../src/cli/commands/help/", import.meta.url);
const topics = readdirSync(FOLDER).map((name) => name.replace(/\.md$/, ""));

describe("opik-local help", () => {
  test("lists each topic with its heading", async () => {
    const { code, out } = await run(["help"]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(topics.length);
    for (const topic of topics) expect(out).toMatch(new RegExp(`^opik-local help ${topic} +\\w`, "m"));
  });

  test.each(topics)("explains %s", async (topic) => {
    const { code, out } = await run(["help", topic]);
    expect(code).toBe(0);
    expect(out).toMatch(/^# \w/);
  });

  test("names the topics when there is none of that name", async () => {
    expect(await run(["help", "exit-code"])).toMatchObject({
      code: 2,
      error: "There is no help on exit-code. Did you mean exit-codes?\n",
    });
    expect((await run(["help", "../secret"])).error).toContain("There are: ");
  });
});
