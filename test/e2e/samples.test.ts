import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { executable } from "./support/executable.ts";
import { installPackage, userEnvironment } from "./support/installed-package.ts";
import { PYTHON } from "./support/python-environment.ts";
import { UNHURRIED_VITEST } from "./support/shell-text.ts";
import { temporaryFolder, temporaryFolderOfFile } from "./support/temporary-folder.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SAMPLES = join(ROOT, "test", "e2e", "samples");
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const COMPILER = join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** The texts of the tests of a sample, by file. */
function testsOf(folder: string): Array<[file: string, text: string]> {
  const files = readdirSync(folder).filter((name) => /^test_|\.test\.ts$/.test(name));
  return files.map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}

describe("a project that tests its agent with the SDK from npm", () => {
  const folder = temporaryFolderOfFile();
  beforeAll(async () => {
    cpSync(join(SAMPLES, "typescript"), folder, { recursive: true });
    await installPackage(folder, ["opik", "vitest", "@types"]);
  });

  test("has types that fit", async () => {
    await run(process.execPath, [COMPILER], { cwd: folder });
  });

  test("has 50 tests and more, in parallel workers, which all pass", async () => {
    const report = join(folder, "report.json");
    const options = ["run", ...UNHURRIED_VITEST, "--reporter=json", `--outputFile=${report}`];
    await run(process.execPath, [VITEST, ...options], { cwd: folder, env: userEnvironment() });
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    expect(numPassedTests).toBeGreaterThanOrEqual(50);
    expect(numTotalTests).toBe(numPassedTests);
  });

  test("never sleeps", () => {
    for (const [file, text] of testsOf(join(SAMPLES, "typescript", "test"))) {
      expect(text, file).not.toMatch(/setTimeout|setInterval|sleep|timers\/promises/);
    }
  });
});

describe("a project that tests its agent with the SDK from PyPI", () => {
  test.skipIf(!PYTHON)("has 20 tests and more, under exec, which all pass (OPIK_LOCAL_TEST_PYTHON)", async () => {
    const folder = temporaryFolder();
    cpSync(join(SAMPLES, "python"), folder, { recursive: true });
    cpSync(join(ROOT, "fixtures", "python", "conftest.py"), join(folder, "conftest.py"));
    const [program, ...args] = executable();
    const options = ["--clock", "virtual", "--fail-on", "unmatched,leftovers", "--"];
    const command = [...args, "exec", ...options, PYTHON ?? "", "-m", "pytest", "-q", "-p", "no:cacheprovider"];
    const env = { ...userEnvironment(), OPIK_LOCAL_WORKSPACES: "any", PYTHONDONTWRITEBYTECODE: "1" };
    const { stdout } = await run(program, command, { cwd: folder, env });
    expect(Number(/^(\d+) passed/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(20);
  });

  test("never sleeps", () => {
    for (const [file, text] of testsOf(join(SAMPLES, "python")))
      expect(text, file).not.toMatch(/\bsleep\(|import time/);
  });
});
