import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { executable } from "./support/executable.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RECIPES = join(ROOT, "fixtures", "ci");
const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");

/** Runs a recipe as its first line says, in a copy that has the packages of this repository. */
async function runRecipe(name: string, ...command: string[]): Promise<string> {
  const folder = join(temporaryFolder(), name);
  cpSync(join(RECIPES, name), folder, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const [program, ...args] = executable();
  // What it was called from has variables of its own test runner.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(?:VITEST|NODE_|OPIK)/.test(key)));
  const options = ["--fail-on", "errors,leftovers", "--"];
  const { stdout } = await run(program, [...args, "exec", ...options, ...command], { cwd: folder, env });
  return stdout;
}

describe("recipes for continuous integration", () => {
  test("node:test", async () => {
    expect(await runRecipe("node-test", process.execPath, "--test")).toMatch(/pass 1\b/);
  });

  test("vitest", async () => {
    expect(await runRecipe("vitest", process.execPath, VITEST, "run", "--no-color")).toMatch(/Tests\s+1 passed/);
  });

  test.skipIf(!PYTHON)("pytest (OPIK_LOCAL_TEST_PYTHON)", async () => {
    expect(await runRecipe("pytest", PYTHON ?? "", "-m", "pytest", "-q")).toMatch(/1 passed/);
  });

  test.skipIf(!PYTHON)("the fixtures for pytest, with a virtual clock (OPIK_LOCAL_TEST_PYTHON)", async () => {
    const folder = temporaryFolder();
    cpSync(join(ROOT, "fixtures", "python"), folder, { recursive: true });
    const [program, ...args] = executable();
    const options = ["exec", "--clock", "virtual", "--fail-on", "errors", "--"];
    const { stdout } = await run(program, [...args, ...options, PYTHON ?? "", "-m", "pytest", "-q"], { cwd: folder });
    expect(stdout).toMatch(/4 passed/);
  });

  test("the jobs of hosted services are YAML, and call a command that there is", () => {
    const files = readdirSync(RECIPES).filter((name) => name.endsWith(".yml"));
    expect(files.toSorted()).toEqual(["github-actions.yml", "gitlab-ci.yml"]);
    for (const file of files) {
      const text = readFileSync(join(RECIPES, file), "utf8");
      expect(parse(text)).toBeTypeOf("object");
      expect(text).toContain("npx opik-local exec --fail-on errors,leftovers -- npm test");
    }
  });
});
