import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { executable } from "./support/executable.ts";
import { installPackage, userEnvironment } from "./support/installed-package.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RECIPES = join(ROOT, "fixtures", "ci");
const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");

/** A copy of a recipe that has the package, and packages of this repository. */
async function copyRecipe(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(temporaryFolder(), name);
  cpSync(join(RECIPES, name), folder, { recursive: true });
  await installPackage(folder, packages);
  return folder;
}

/** Runs the command of a recipe as its first line says. @returns what it prints */
async function execute(folder: string, ...command: string[]): Promise<string> {
  const [program, ...args] = executable();
  const options = ["--fail-on", "errors,leftovers", "--"];
  const env = userEnvironment();
  const { stdout, stderr } = await run(program, [...args, "exec", ...options, ...command], { cwd: folder, env });
  return stdout + stderr;
}

describe("recipes for continuous integration", () => {
  test("node:test", async () => {
    const folder = await copyRecipe("node-test", ["opik"]);
    expect(await execute(folder, process.execPath, "--test")).toMatch(/pass 3\b/);
  });

  test("vitest", async () => {
    const folder = await copyRecipe("vitest", ["opik", "vitest"]);
    expect(await execute(folder, process.execPath, VITEST, "run", "--no-color")).toMatch(/Tests\s+1 passed/);
  });

  test("jest, with a server of its own and with that of exec", async () => {
    const folder = await copyRecipe("jest", ["opik"]);
    const parent = dirname(folder);
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", parent, "jest@30"]);
    symlinkSync(join(parent, "node_modules", "jest"), join(folder, "node_modules", "jest"), "junction");
    const own = await run("npm", ["test"], { cwd: folder, env: userEnvironment() });
    expect(own.stderr).toMatch(/Tests:\s+4 passed/);
    expect(await execute(folder, "npm", "test")).toMatch(/Tests:\s+4 passed/);
  });

  test.skipIf(!PYTHON)("pytest (OPIK_LOCAL_TEST_PYTHON)", async () => {
    const folder = join(temporaryFolder(), "pytest");
    cpSync(join(RECIPES, "pytest"), folder, { recursive: true });
    expect(await execute(folder, PYTHON ?? "", "-m", "pytest", "-q")).toMatch(/1 passed/);
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
