import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { servedRoutes } from "../support/served-routes.ts";
import { startTestServer } from "../support/server.ts";
import { helpText } from "./help-text.ts";
import { withOperationsTable } from "./operations-table.ts";
import { withSettingsTable } from "./settings-table.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("the help texts", () => {
  test("have every setting with its default (else: npm run help:settings)", () => {
    const text = readFileSync(helpText("settings"), "utf8");
    expect(text).toBe(withSettingsTable(text));
  });

  test("say which of Opik's operations are served (else: npm run help:operations)", async () => {
    const { call } = await startTestServer();
    const text = readFileSync(helpText("emulated"), "utf8");
    expect(text).toBe(withOperationsTable(text, await servedRoutes(call)));
  });
});

describe("the README", () => {
  test("fits on a few screens: what it leaves out is in the help texts", () => {
    expect(readme.split("\n").length).toBeLessThan(200);
  });

  test("names only files that are there", () => {
    const paths = readme.match(/(?<=[`(\s])(?:src|test|fixtures|bin)\/[\w./-]+[\w/]/g) ?? [];
    const missing = paths.filter((path) => !exists(path));
    expect(paths.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});

function exists(path: string): boolean {
  try {
    readFileSync(new URL(`../../${path}`, import.meta.url));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EISDIR";
  }
}
