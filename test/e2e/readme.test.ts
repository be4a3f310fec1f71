import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCaller } from "../support/call.ts";
import { freePort } from "../support/free-port.ts";
import { createProject } from "../support/pairing.ts";
import { installPackage, userEnvironment } from "./support/installed-package.ts";
import { PYTHON } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { codeBlocks, UNHURRIED_VITEST, withCommands } from "./support/shell-text.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");
/** After this a command hangs. */
const BOUND_MS = 180_000;

/** The text of a section, up to the next one. */
function section(title: string): string {
  const [, text = ""] = README.split(`\n## ${title}\n`);
  return text.split("\n## ")[0] ?? "";
}

/** The only block of a section in a language. */
function block(title: string, language: string): string {
  const [code = "", ...others] = codeBlocks(section(title), language);
  expect({ isThere: code !== "", others }).toEqual({ isThere: true, others: [] });
  return code;
}

/** Runs a command line of README. @returns what it prints */
function paste(line: string, folder: string, env: NodeJS.ProcessEnv): string {
  const options = { cwd: folder, env, encoding: "utf8", timeout: BOUND_MS } as const;
  const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", line], options);
  expect(status, `${line}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** Starts a program of README, with all that it starts; it is ended with the test. */
function startProgram(line: string, folder: string, env: NodeJS.ProcessEnv): void {
  const child = spawn("bash", ["-ec", line], {
    ...{ cwd: folder, env, detached: true },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await exited;
  });
}

describe.skipIf(process.platform === "win32")("the README", () => {
  test.skipIf(!PYTHON)("has an agent that runs as it is written (OPIK_LOCAL_TEST_PYTHON)", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "agent.py"), block("I develop an agent", "py"));
    const [start = "", work = ""] = codeBlocks(section("I develop an agent"), "sh");
    const server = await startServerProcess(":memory:");
    const call = createCaller(server.url);
    await createProject(call, "demo");
    const path = `${dirname(PYTHON ?? "")}:${withCommands(folder)}`;
    const env = { ...userEnvironment(), HOME: folder, PATH: path, OPIK_LOCAL_URL: server.url };
    startProgram(start.replace("http://127.0.0.1:5173", server.url), folder, env);
    await expect.poll(async () => JSON.stringify((await call("GET", "/__local/state")).json)).toContain('"answer"');
    expect(JSON.parse(paste(work, folder, env))).toEqual({ text: "WHY?" });
  });

  test.skipIf(!PYTHON)("has a command for tests in any language (OPIK_LOCAL_TEST_PYTHON)", () => {
    const folder = temporaryFolder();
    cpSync(join(ROOT, "fixtures", "ci", "pytest"), folder, { recursive: true });
    const env = { ...userEnvironment(), PATH: `${dirname(PYTHON ?? "")}:${withCommands(folder)}` };
    expect(paste(block("I test in CI", "sh"), folder, env)).toContain("1 passed");
  });

  test("has a test in TypeScript that passes", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "agent.test.ts"), block("I test in CI", "ts"));
    await installPackage(folder, ["vitest"]);
    const output = paste(
      `"${process.execPath}" "${VITEST}" run --no-color ${UNHURRIED_VITEST.join(" ")}`,
      folder,
      userEnvironment(),
    );
    expect(output).toMatch(/Tests\s+1 passed/);
  });

  test("has an executor that does what it is triggered for", async () => {
    const folder = temporaryFolder();
    const port = String(await freePort());
    writeFileSync(join(folder, "executor.mjs"), block("I write an executor", "js").replace("3000", port));
    const server = await startServerProcess(":memory:");
    const env = { ...userEnvironment(), PATH: withCommands(folder), OPIK_LOCAL_URL: server.url };
    startProgram(`exec "${process.execPath}" executor.mjs`, folder, env);
    const [create = "", trigger = "", show = ""] = block("I write an executor", "sh").split("\n");
    paste(create.replace("localhost:5173", server.url.replace("http://", "")).replace("3000", port), folder, env);
    paste(trigger, folder, env);
    await expect.poll(() => paste(show, folder, env)).toContain('"deployed":"1.4.2"');
  });

  test("names no id that a reader has to copy", () => {
    expect(README).not.toMatch(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/);
  });
});
