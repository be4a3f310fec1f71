import { expect, type TestAPI, test as base } from "vitest";
import { startOpikLocal, type StartOptions, type TestServer } from "./index.ts";
import { matchers, type OpikMatchers } from "./matchers.ts";

declare module "vitest" {
  interface Matchers<T> extends OpikMatchers<void> {}
}

/** The options of the servers of a test file, and the fixtures of each test. */
export interface OpikOptions extends StartOptions {
  /**
   * `workspace`, the default: each test has a workspace of its own, also tests that run at the same time. `reset`: each test
   * has the whole server with the fixtures of its start, for agents of an SDK, which stay in one workspace: runners stay connected
   * with their agents (`keepRunners`), and clock and ids go on. Such tests run one by one.
   */
  isolation?: "workspace" | "reset";
}

/** The fixtures that `test` passes to tests. */
export interface OpikFixtures {
  /** Set by `test.extend({ opikOptions: [{ ... }, { scope: "worker" }] })`. */
  opikOptions: OpikOptions;
  /** The server of the worker. */
  opikServer: TestServer;
  /** The server as the test alone sees it, with the fixtures of `opikOptions`. */
  opik: TestServer;
}

expect.extend(matchers);

/** Numbers the workspaces of this worker. */
let tests = 0;

/**
 * vitest's `test` with a server for each worker, and an isolated part of it for each test.
 *
 * ```ts
 * import { expect, test } from "opik-local/vitest";
 *
 * test("echoes", async ({ opik }) => {
 *   const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
 *   const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
 *   const { value: job } = await runner.jobs().next();
 *   await job?.complete(job.inputs);
 *   await expect(opik).toHaveCompleted(id, { text: "hello" });
 * });
 * ```
 */
export const test: TestAPI<OpikFixtures> = base.extend<OpikFixtures>({
  opikOptions: [{}, { scope: "worker" }],
  opikServer: [
    async ({ opikOptions: { isolation = "workspace", fixtures, ...options } }, use) => {
      await using server = await startOpikLocal(
        isolation === "reset"
          ? { ...options, ...(fixtures === undefined ? {} : { fixtures }) }
          : { ...options, config: { workspaces: ["any"], ...options.config } },
      );
      await use(server);
    },
    { scope: "worker" },
  ],
  opik: async ({ opikServer, opikOptions: { isolation, fixtures } }, use) => {
    if (isolation === "reset") {
      opikServer.reset({ keepRunners: true });
      await use(opikServer);
      return;
    }
    tests += 1;
    const opik = opikServer.workspace(`test-${tests}`);
    if (fixtures !== undefined) opik.seed(fixtures);
    await use(opik);
    opik.reset();
  },
});

export { expect };
