import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { servedRoutes } from "../support/served-routes.ts";
import { startTestServer } from "../support/server.ts";
import { withOperationsTable } from "./operations-table.ts";
import { withSettingsTable } from "./settings-table.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("the README", () => {
  test("has every setting with its default (else: npm run readme:settings)", () => {
    expect(readme).toBe(withSettingsTable(readme));
  });

  test("says which of Opik's operations are served (else: npm run readme:operations)", async () => {
    const { call } = await startTestServer();
    expect(readme).toBe(withOperationsTable(readme, await servedRoutes(call)));
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
