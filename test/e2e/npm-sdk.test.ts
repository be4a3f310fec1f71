import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Caller, createCaller } from "../support/call.ts";
import { createProject, pairRunner } from "../support/pairing.ts";
import { startAgent, type AgentProcess } from "./support/agent-process.ts";
import { holdJob } from "./support/held-job.ts";
import {
  cancelJob,
  createJob,
  getJob,
  untilJobIs,
  untilLogged,
  untilRegistered,
  untilTraced,
} from "./support/job-client.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

describe("an agent with the SDK from npm", () => {
  test("serves a job: result, trace and logs are there", async () => {
    const { call, projectId, agent } = await serverWithAgent("ada");
    const id = await createJob(call, projectId, "echo", { question: "why?" });
    const job = await untilJobIs(call, id, "completed", "failed");
    expect(job).toMatchObject({ status: "completed", result: { result: "ada: why?" } });
    await untilLogged(call, id, "thinking about why?");
    expect(await untilTraced(call, job)).toMatchObject({ id: job.trace_id, name: "echo" });
    expect(agent.printed()).not.toMatch(/warn|error|fail/i);
  });

  test("fails a job that throws, with what it threw", async () => {
    const { call, projectId } = await serverWithAgent("ada");
    const id = await createJob(call, projectId, "fail", { reason: "no more tea" });
    const job = await untilJobIs(call, id, "completed", "failed");
    expect(job).toMatchObject({ status: "failed", error: "Error: no more tea" });
    expect(job.trace_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("cannot complete a job that was cancelled while it ran", async () => {
    const { call, projectId } = await serverWithAgent("ada");
    const work = holdJob();
    const id = await createJob(call, projectId, "wait", work.inputs);
    await untilJobIs(call, id, "running");
    await cancelJob(call, id);
    expect(await getJob(call, id)).toMatchObject({ status: "cancelled" });
    work.release();
    await untilLogged(call, id, "done waiting");
    // The report of the job comes right after its logs; a whole second job leaves it time to arrive.
    await untilJobIs(call, await createJob(call, projectId, "echo", { question: "still there?" }), "completed");
    expect(await getJob(call, id)).toMatchObject({ status: "cancelled" });
    expect(await getJob(call, id)).not.toHaveProperty("result");
  });

  test("stops when a newer runner takes its place", async () => {
    const { call, projectId, agent } = await serverWithAgent("ada");
    const stopped = agent.untilPrinted("Runner deregistered (410), shutting down");
    await addAgent(call, "grace", "project of ada");
    await stopped;
    const id = await createJob(call, projectId, "echo", { question: "who?" });
    expect(await untilJobIs(call, id, "completed")).toMatchObject({ result: { result: "grace: who?" } });
  });

  test("goes on after the server was killed and started again", async () => {
    const database = join(temporaryFolder(), "opik-local.db");
    const server = await startServerProcess(database);
    const call = createCaller(server.url);
    const { projectId } = await addAgent(call, "ada");
    const before = await createJob(call, projectId, "echo", { question: "before?" });
    await untilJobIs(call, before, "completed");

    await server.kill();
    await startServerProcess(database, server.port);
    const after = await createJob(call, projectId, "echo", { question: "after?" });
    expect(await untilJobIs(call, after, "completed")).toMatchObject({ result: { result: "ada: after?" } });
    expect(await getJob(call, before)).toMatchObject({ status: "completed", result: { result: "ada: before?" } });
  });
});

test("three agents with the SDK from npm serve 100 jobs, each its own", async () => {
  const server = await startServerProcess(":memory:");
  const call = createCaller(server.url);
  const names = ["ada", "grace", "edsger"];
  const agents = await Promise.all(names.map((name) => addAgent(call, name)));
  const expected = new Map<string, string>();
  for (let number = 0; number < 100; number += 1) {
    const at = number % names.length;
    const id = await createJob(call, agents[at]!.projectId, "echo", { question: String(number) });
    expected.set(id, `${names[at]}: ${number}`);
  }
  for (const [id, result] of expected) {
    expect(await untilJobIs(call, id, "completed", "failed")).toMatchObject({
      status: "completed",
      result: { result },
    });
  }
});

async function serverWithAgent(name: string): Promise<{ call: Caller; projectId: string; agent: AgentProcess }> {
  const { url } = await startServerProcess(":memory:");
  const call = createCaller(url);
  return { call, ...(await addAgent(call, name)) };
}

/** Makes a runner whose agent is up, and its project unless there is one of that name. */
async function addAgent(
  call: Caller,
  name: string,
  projectName = `project of ${name}`,
): Promise<{ projectId: string; agent: AgentProcess }> {
  const projectId = await findOrCreateProject(call, projectName);
  const runnerId = await pairRunner(call, { projectId });
  const agent = startAgent(call.baseUrl, runnerId, projectName, name);
  await untilRegistered(call, runnerId, "echo");
  return { projectId, agent };
}

async function findOrCreateProject(call: Caller, name: string): Promise<string> {
  const found = await call("POST", "/v1/private/projects/retrieve", { body: { name } });
  return found.status === 200 ? (found.json as { id: string }).id : createProject(call, name);
}
