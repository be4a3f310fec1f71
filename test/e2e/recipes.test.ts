import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { executable } from "./support/executable.ts";
import { installPackage, userEnvironment } from "./support/installed-package.ts";
import { UNHURRIED_VITEST, withCommands } from "./support/shell-text.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RECIPES = join(ROOT, "fixtures", "ci");
const PYTHON = process.env["OPIK_LOCAL_TEST_PYTHON"];
/** What the jobs of hosted services begin with; the tests have the package already. */
const INSTALL = "npm ci";
/** Where Go is, if it is installed. */
const GO = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/local/go/bin"]
  .map((folder) => join(folder, "go"))
  .find((path) => existsSync(path));
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");

interface Workflow {
  jobs: { test: { steps: Array<{ run?: string }> } };
}

interface Pipeline {
  test: { script: string[] };
}

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

/** Runs the lines of a job after the first one, which installs packages, in a shell. @returns what they print */
async function executeLines(folder: string, [install, ...lines]: readonly string[]): Promise<string> {
  expect(install).toBe(INSTALL);
  expect(lines.length).toBeGreaterThan(0);
  const env = { ...userEnvironment(), PATH: withCommands(folder), GOFLAGS: "-count=1" };
  const { stdout, stderr } = await run("sh", ["-ec", lines.join("\n")], { cwd: folder, env });
  return stdout + stderr;
}

describe("recipes for continuous integration", () => {
  test("node:test", async () => {
    const folder = await copyRecipe("node-test", ["opik"]);
    expect(await execute(folder, process.execPath, "--test")).toMatch(/pass 3\b/);
  });

  test("vitest", async () => {
    const folder = await copyRecipe("vitest", ["opik", "vitest"]);
    expect(await execute(folder, process.execPath, VITEST, "run", "--no-color", ...UNHURRIED_VITEST)).toMatch(
      /Tests\s+1 passed/,
    );
  });

  test("jest, with a server of its own and with that of exec", async () => {
    const folder = await copyRecipe("jest", ["opik"]);
    const parent = dirname(folder);
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", parent, "jest@30"]);
    symlinkSync(join(parent, "node_modules", "jest"), join(folder, "node_modules", "jest"), "junction");
    const npmTest = ["test", "--", "--testTimeout=180000"];
    const own = await run("npm", npmTest, { cwd: folder, env: userEnvironment() });
    expect(own.stderr).toMatch(/Tests:\s+4 passed/);
    expect(await execute(folder, "npm", ...npmTest)).toMatch(/Tests:\s+4 passed/);
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

  test("GitHub Actions", async () => {
    const folder = await copyRecipe("github-actions", ["opik"]);
    const workflow = parse(readFileSync(join(folder, ".github", "workflows", "test.yml"), "utf8")) as Workflow;
    const lines = workflow.jobs.test.steps.flatMap(({ run: line }) => line ?? []);
    expect(await executeLines(folder, lines)).toMatch(/pass 1\b/);
    expect(readFileSync(join(folder, "requests.jsonl"), "utf8")).toContain("/traces/batch");
  });

  test("GitLab", async () => {
    const folder = await copyRecipe("gitlab", []);
    const { test: job } = parse(readFileSync(join(folder, ".gitlab-ci.yml"), "utf8")) as Pipeline;
    expect(await executeLines(folder, job.script)).toMatch(/pass 1\b/);
    expect(readFileSync(join(folder, "requests.jsonl"), "utf8")).toContain("/jobs/next");
  });

  test("scripts of package.json", async () => {
    const folder = await copyRecipe("package-json", []);
    expect(await executeLines(folder, [INSTALL, "npm test"])).toMatch(/pass 1\b/);
  });

  test.skipIf(GO === undefined)("Go (it is not installed)", async () => {
    const folder = await copyRecipe("go", []);
    const [, command = ""] = /npx opik-local (.*)/.exec(readFileSync(join(folder, "agent_test.go"), "utf8")) ?? [];
    const line = `npx opik-local ${command.replace("go test", `${GO} test`)}`;
    expect(await executeLines(folder, [INSTALL, line])).toMatch(/^ok\s/m);
  });

  test.for(readdirSync(RECIPES).filter((name) => existsSync(join(RECIPES, name, "package.json"))))(
    "%s names the packages that it needs",
    (name) => {
      const folder = join(RECIPES, name);
      const { dependencies, devDependencies, scripts } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
      ) as {
        dependencies?: Record<string, string>;
        devDependencies: Record<string, string>;
        scripts: { test: string };
      };
      const texts = readdirSync(folder).filter((file) => /\.m?js$/.test(file));
      const imported = texts.flatMap((file) => [
        ...readFileSync(join(folder, file), "utf8").matchAll(/^import .* from "((?!node:)(?:@[^/"]+\/)?[^/"]+)/gm),
      ]);
      // Part of jest.
      const needed = new Set(["opik-local", ...imported.map(([, one = ""]) => one)]).difference(
        new Set(["@jest/globals"]),
      );
      expect(texts.length).toBeGreaterThan(0);
      expect(Object.keys({ ...dependencies, ...devDependencies })).toEqual(expect.arrayContaining([...needed]));
      expect(scripts.test).not.toBe("");
    },
  );

  test("every folder with a test for Node is a package", () => {
    const names = readdirSync(RECIPES).filter((name) => name !== "README.md");
    const folders = names.filter((name) =>
      readdirSync(join(RECIPES, name), { recursive: true, encoding: "utf8" }).some((file) => /\.m?js$/.test(file)),
    );
    expect(folders.filter((name) => !existsSync(join(RECIPES, name, "package.json")))).toEqual([]);
  });

  test("are each in the list that README.md has", () => {
    const folders = readdirSync(RECIPES).filter((name) => name !== "README.md");
    const listed = readFileSync(join(RECIPES, "README.md"), "utf8").match(/(?<=^\| `)[\w-]+(?=` )/gm);
    expect(listed?.toSorted()).toEqual(folders.toSorted());
  });
});
