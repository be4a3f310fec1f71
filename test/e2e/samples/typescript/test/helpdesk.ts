import type { TestJob, TestServer } from "opik-local/testing";
import { test as base } from "opik-local/vitest";

export { expect } from "opik-local/vitest";

const FIXTURES = {
  projects: [{ name: "helpdesk" }],
  runners: [
    { name: "desk", project: "helpdesk", keep_alive: true },
    {
      name: "laptop",
      project: "helpdesk",
      type: "connect" as const,
      keep_alive: true,
      files: { "README.md": "# helpdesk\n", "src/agent.ts": "export const answer = 42;\n" },
      respond: [{ type: "Exec" as const, when: { command: "npm test" }, result: { stdout: "12 passed\n" } }],
    },
  ],
};

/** A test with the agents of `src/agent.ts`, which are imported once in each worker. */
export const test = base
  .extend({ opikOptions: [{ fixtures: FIXTURES, isolation: "reset" }, { scope: "worker" }] })
  .extend<{ agent: void }>({
    agent: [
      async ({ opikServer }, use) => {
        // Otherwise the SDK's own messages are in the logs of jobs, too.
        Object.assign(process.env, opikServer.runners.environment("desk"), { OPIK_LOG_LEVEL: "ERROR" });
        await import("../src/agent.ts");
        await opikServer.runners.waitFor(({ agents }) => agents.some(({ name }) => name === "answer"), {
          timeoutMs: 20_000,
        });
        await use();
      },
      { scope: "worker", auto: true },
    ],
  });

/** Submits a job of one of the agents. @returns its id */
export function submit(opik: TestServer, agent: string, inputs: Record<string, unknown> = {}): string {
  return opik.jobs.create({ agent, project: "helpdesk", inputs });
}

/** Submits a job, and waits until it is completed. */
export function run(opik: TestServer, agent: string, inputs?: Record<string, unknown>): Promise<TestJob> {
  return opik.jobs.waitFor(submit(opik, agent, inputs), "completed");
}
