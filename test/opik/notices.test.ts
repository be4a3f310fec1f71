import { describe, expect, test } from "vitest";
import { createProject, expectStatus, pairRunner, registerAgents } from "../support/pairing.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const RUNNERS = "/v1/private/local-runners";

/** A server with a runner and a job of its agent `echo`. */
async function startWithJob(): Promise<
  TestServer & { runnerId: string; projectId: string; jobPath: string; notices: () => string[] }
> {
  const started = await startTestServer();
  const { call, seen } = started;
  const projectId = await createProject(call, "p");
  const runnerId = await pairRunner(call, { projectId });
  await registerAgents(call, runnerId, { echo: {} });
  const created = await call("POST", `${RUNNERS}/jobs`, { body: { agent_name: "echo", project_id: projectId } });
  const jobPath = new URL(String(expectStatus(created, 201).headers.location)).pathname;
  const notices = (): string[] =>
    seen.filter(({ name }) => name === "client:notice").map(({ payload }) => (payload as { message: string }).message);
  return { ...started, runnerId, projectId, jobPath, notices };
}

describe("an answer that costs a client something is printed on the console:", () => {
  test("log lines that are refused, because SDKs don't send them again", async () => {
    const { call, jobPath, notices } = await startWithJob();
    const refused = await call("POST", `${jobPath}/logs`, { body: [{ stream: "stdout", text: "\n" }] });
    expect(refused.status).toBe(422);
    expect(notices()).toEqual([expect.stringMatching(/^Log lines were refused.*\(422: .*blank.*\)$/)]);
  });

  test.for([
    ["GET", ""],
    ["POST", "/cancel"],
    ["GET", "/logs"],
  ] as const)("the 404 for a job whose runner was evicted (%s %s)", async ([method, path]) => {
    const { call, projectId, jobPath, notices } = await startWithJob();
    await pairRunner(call, { projectId });
    expect((await call(method, jobPath + path)).status).toBe(404);
    expect(notices()).toEqual([expect.stringContaining("its runner is gone")]);
  });

  test("but not the 404 for a job that never was", async () => {
    const { call, notices } = await startWithJob();
    expect((await call("GET", `${RUNNERS}/jobs/0197aaaa-0000-7000-8000-00000000c3f1`)).status).toBe(404);
    expect(notices()).toEqual([]);
  });
});
