import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal } from "../../src/testing/index.ts";
import { PYTHON } from "./support/python-environment.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));
/** The runner "laptop" of demo.yaml. */
const LAPTOP = "00000000-0000-7000-8000-00000000de30";
const TIMEOUT = { timeoutMs: 30_000 };

/**
 * The tour of the README: the demo, one of the example agents, and no pairing.
 * @param atOnce how many jobs wait when the agent starts; the others are cancelled
 */
async function serveDemo(command: string, agent: string, atOnce: number): Promise<void> {
  await using opik = await startOpikLocal({ fixtures: `${FIXTURES}demo.yaml`, clock: "system" });
  const waiting = opik.jobs.list().filter(({ status }) => status === "pending");
  for (const { id } of waiting.splice(atOnce)) opik.jobs.cancel(id);
  const child = spawn(command, [`${FIXTURES}agents/${agent}`], {
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
  const served = await Promise.all(waiting.map(({ id }) => opik.jobs.waitFor(id, "completed", TIMEOUT)));
  const results = [
    ["echo", { text: "Hello from demo.yaml", length: 20 }],
    ["divide", { quotient: 22 / 7 }],
  ];
  expect(served.map(({ agent_name, result }) => [agent_name, result])).toEqual(results.slice(0, atOnce));
  const fine = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "new" } });
  const printed = await opik.jobs.waitFor(
    fine,
    ({ logs }) => logs.some(({ text }) => text.includes("echo: new")),
    TIMEOUT,
  );
  expect(printed.inputs).toEqual({ text: "new" });
  expect((await opik.jobs.waitFor(fine, "completed", TIMEOUT)).result).toEqual({ text: "new", length: 3 });
  const byZero = opik.jobs.create({ agent: "divide", project: "demo", inputs: { dividend: 1, divisor: 0 } });
  expect((await opik.jobs.waitFor(byZero, "failed", TIMEOUT)).error).toMatch(/divi(?:ded by 0|sion by zero)/);
}

describe("the example agents serve the demo's jobs, and new ones, without pairing", () => {
  test("in TypeScript, with the SDK from npm", () => serveDemo(process.execPath, "echo.ts", 2));

  // One at a time: on a busy machine the SDK (2.1.24) sometimes fetches two jobs while it starts and begins only one.
  test.skipIf(!PYTHON)("in Python, with the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () =>
    serveDemo(PYTHON ?? "", "echo.py", 1),
  );
});
