import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { PYTHON } from "./support/python-environment.ts";
import { REAL_TIME } from "./support/sdk-agent.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));
const LAUNCH = fileURLToPath(new URL("agents/launch.py", import.meta.url));
/** The runner "laptop" of demo.yaml. */
const LAPTOP = "00000000-0000-7000-8000-00000000de30";

/** The tour of the README: the demo, one of the example agents, and no pairing. */
async function serveDemo(...[command, ...files]: [string, ...string[]]): Promise<void> {
  await using opik = await startOpikLocal({ fixtures: `${FIXTURES}demo.yaml`, clock: "system" });
  const waiting = opik.jobs.list().filter(({ status }) => status === "pending");
  const child = spawn(command, files, {
    stdio: "ignore",
    env: {
      ...process.env,
      OPIK_URL_OVERRIDE: opik.apiUrl,
      OPIK_PROJECT_NAME: "demo",
      OPIK_RUNNER_MODE: "true",
      OPIK_RUNNER_ID: LAPTOP,
      OPIK_SENTRY_ENABLE: "false",
    },
  });
  onTestFinished(async () => {
    const gone = once(child, "exit");
    if (child.kill("SIGKILL")) await gone;
  });
  const served = await Promise.all(waiting.map(({ id }) => opik.jobs.waitFor(id, "completed", REAL_TIME)));
  expect(served.map(({ agent_name, result }) => [agent_name, result])).toEqual([
    ["echo", { text: "Hello from demo.yaml", length: 20 }],
    ["divide", { quotient: 22 / 7 }],
  ]);
  const fine = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "new" } });
  const printed = await opik.jobs.waitFor(
    fine,
    ({ logs }) => logs.some(({ text }) => text.includes("echo: new")),
    REAL_TIME,
  );
  expect(printed.inputs).toEqual({ text: "new" });
  expect((await opik.jobs.waitFor(fine, "completed", REAL_TIME)).result).toEqual({ text: "new", length: 3 });
  const byZero = opik.jobs.create({ agent: "divide", project: "demo", inputs: { dividend: 1, divisor: 0 } });
  expect((await opik.jobs.waitFor(byZero, "failed", REAL_TIME)).error).toMatch(/divi(?:ded by 0|sion by zero)/);
}

describe("the example agents serve the demo's jobs, and new ones, without pairing", () => {
  test("in TypeScript, with the SDK from npm", () => serveDemo(process.execPath, `${FIXTURES}agents/echo.ts`));

  test.skipIf(!PYTHON)("in Python, with the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () =>
    serveDemo(PYTHON ?? "", LAUNCH, `${FIXTURES}agents/echo.py`),
  );
});
