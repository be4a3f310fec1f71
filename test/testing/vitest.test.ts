import { describe } from "vitest";
import { connectOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { expect, test } from "../../src/testing/vitest.ts";

const FIXTURE = {
  projects: [{ name: "demo" }],
  runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
};

const seeded = test.extend({ opikOptions: [{ fixtures: FIXTURE }, { scope: "worker" }] });
const whole = test.extend({ opikOptions: [{ fixtures: FIXTURE, isolation: "reset" }, { scope: "worker" }] });

/** Submits a job that a runner of this process has completed. */
async function complete(opik: TestServer): Promise<string> {
  const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
  const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
  const { value: job } = await runner.jobs().next();
  await job?.log("thinking about hello");
  await job?.complete(job.inputs);
  return id;
}

/** The message of an assertion that fails. */
async function failureOf(assertion: Promise<unknown>): Promise<string> {
  return assertion.then(
    () => expect.fail("it passed"),
    (error: Error) => error.message,
  );
}

describe("a workspace for each test", () => {
  const servers = new Set<unknown>();
  const workspaces = new Set<string>();

  describe.each([1, 2, 3])("test %i", () => {
    test("has one of its own, on the server of the worker", ({ opik, opikServer }) => {
      servers.add(opik.server);
      workspaces.add(opik.workspaceName);
      expect(opik.server).toBe(opikServer.server);
      expect(opik.runners.list()).toEqual([]);
      opik.seed(FIXTURE);
      expect(opik.runners.list()).toHaveLength(1);
    });
  });

  test("nothing of them is left", ({ opikServer }) => {
    expect({ servers: servers.size, workspaces: workspaces.size }).toEqual({ servers: 1, workspaces: 3 });
    expect(opikServer.runners.list()).toEqual([]);
  });
});

describe("options", () => {
  seeded("fixtures are loaded into each workspace", ({ opik }) => {
    expect(opik.runners.list()).toMatchObject([{ name: "laptop" }]);
  });

  whole("a reset gives the whole server", ({ opik, opikServer }) => {
    expect(opik).toBe(opikServer);
    expect(opik.workspaceName).toBe("default");
    opik.jobs.create({ agent: "echo", project: "demo" });
  });

  whole("in the state of its start", ({ opik }) => {
    expect(opik.jobs.list()).toEqual([]);
    expect(opik.runners.list()).toMatchObject([{ name: "laptop" }]);
  });
});

describe("matchers", () => {
  test("toHaveCompleted", async ({ opik }) => {
    const completed = complete(opik);
    const id = await completed;
    await expect(opik).toHaveCompleted(id);
    await expect(opik).toHaveCompleted(id, { text: expect.stringMatching(/^h/) });
    const connected = connectOpikLocal(opik.url, { workspace: opik.workspaceName });
    await expect(connected).toHaveCompleted(id, { text: "hello" });
    await expect(opik).not.toHaveCompleted(id, { text: "bye" });
    expect(await failureOf(expect(opik).toHaveCompleted(id, { text: "bye" }))).toBe(
      `job ${id} is completed with {"text":"hello"}`,
    );
    expect(await failureOf(expect(opik).not.toHaveCompleted(id))).toBe(`job ${id} is completed`);
    const pending = opik.jobs.create({ agent: "echo", project: "demo" });
    await expect(opik).not.toHaveCompleted(pending);
    expect(await failureOf(expect(opik).toHaveCompleted(pending, undefined, { timeoutMs: 1 }))).toContain(
      `the job ${pending} is pending`,
    );
    opik.jobs.cancel(pending);
    expect(await failureOf(expect(opik).toHaveCompleted(pending))).toContain("is cancelled, and never will be");
    expect(await failureOf(expect(opik).toHaveCompleted("nothing"))).toBe("There is no job and no run nothing.");
  });

  test("toHaveLogged", async ({ opik }) => {
    const id = await complete(opik);
    await expect(opik).toHaveLogged(id, "thinking");
    await expect(opik).toHaveLogged(id, /about \w+$/);
    await expect(opik).not.toHaveLogged(id, "sleeping");
    expect(await failureOf(expect(opik).not.toHaveLogged(id, "thinking"))).toBe(
      `job ${id} has logged "thinking about hello"`,
    );
  });

  test("of an executor run", async ({ opik }) => {
    opik.executorJobs.create({ slug: "deploy", execution_mode: "worker" });
    const { id, run_token } = opik.runs.trigger({ job: "deploy" });
    const send = (path: string, body: object): Promise<Response> =>
      fetch(`${opik.url}/sdk/v1/runs/${id}/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${run_token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const logged = expect(opik).toHaveLogged(id, "built 1.4.2");
    await send("log", { message: "built 1.4.2" });
    await logged;
    const completed = expect(opik).toHaveCompleted(id, { done: true });
    await send("complete", { result: { done: true } });
    await completed;
  });

  test("toHaveRequested", async ({ opik }) => {
    await expect(opik).not.toHaveRequested({ operation: "nextJob" });
    await complete(opik);
    await expect(opik).toHaveRequested({ operation: "nextJob" });
    await expect(opik).toHaveRequested({ operation: "appendJobLogs" }, { times: 1 });
    await expect(opik).toHaveRequested({ operation: "createDataset" }, { times: 0 });
    expect(
      await failureOf(expect(opik).toHaveRequested({ operation: "nextJob" }, { times: 2, timeoutMs: 1 })),
    ).toContain("1 of 2 requests came within 1 ms");
    expect(await failureOf(expect(opik).not.toHaveRequested({ operation: "nextJob" }))).toBe(
      '1 requests are as {"operation":"nextJob"}',
    );
  });
});
