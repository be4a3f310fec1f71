import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Caller, createCaller } from "../support/call.ts";
import { createProject, expectStatus } from "../support/pairing.ts";
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
import { startOpik } from "./support/opik-command.ts";
import { COMPLAINT, PYTHON, PYTHON_SDKS, type PythonSdk, pythonEnvironment } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const AGENTS = fileURLToPath(new URL("agents/", import.meta.url));
const PROJECT = "project of ada";

describe.skipIf(!PYTHON)("an agent with the SDK from PyPI, under `opik endpoint` (OPIK_LOCAL_TEST_PYTHON)", () => {
  test.for(PYTHON_SDKS)("serves a job: result, trace and logs are there, $version", async (sdk) => {
    const { call, projectId, printed } = await serverWithEndpoint(sdk);
    const id = await createJob(call, projectId, "echo", { question: "why?" });
    const job = await untilJobIs(call, id, "completed", "failed");
    expect(job).toMatchObject({ status: "completed", result: { result: "ada: why?" } });
    await untilLogged(call, id, "thinking about why?");
    expect(await untilTraced(call, job)).toMatchObject({ id: job.trace_id, name: "echo" });
    expect(printed()).not.toMatch(COMPLAINT);
  });

  test("fails a job that throws, with what it threw", async () => {
    const { call, projectId } = await serverWithEndpoint();
    const id = await createJob(call, projectId, "fail", { reason: "no more tea" });
    expect(await untilJobIs(call, id, "completed", "failed")).toMatchObject({
      status: "failed",
      error: "ValueError: no more tea",
    });
  });

  test("cannot complete a job that was cancelled while it ran", async () => {
    const { call, projectId } = await serverWithEndpoint();
    const work = holdJob();
    const id = await createJob(call, projectId, "wait", work.inputs);
    await untilJobIs(call, id, "running");
    await cancelJob(call, id);
    work.release();
    // The SDK reports first and sends the logs afterwards.
    await untilLogged(call, id, "done waiting");
    expect(await getJob(call, id)).toMatchObject({ status: "cancelled" });
    expect(await getJob(call, id)).not.toHaveProperty("result");
  });

  test("goes on after the server was killed and started again", async () => {
    const { call, projectId, server, database } = await serverWithEndpoint();
    await server.kill();
    await startServerProcess(database, server.port);
    const id = await createJob(call, projectId, "echo", { question: "after?" });
    expect(await untilJobIs(call, id, "completed")).toMatchObject({ result: { result: "ada: after?" } });
  });

  test("takes its runner away on Ctrl-C", async () => {
    const { call, runnerId, endpoint } = await serverWithEndpoint();
    await interrupt(endpoint);
    expect((await call("GET", `/v1/private/local-runners/${runnerId}`)).status).toBe(404);
  });
});

/** A server, and an endpoint that it knows with the agents of `assistant.py`. @param sdk default the newest */
async function serverWithEndpoint(sdk?: PythonSdk) {
  const folder = temporaryFolder();
  const database = join(folder, "opik-local.db");
  const server = await startServerProcess(database);
  const call = createCaller(server.url);
  // The oldest SDK does not make it.
  if (sdk?.version === "oldest") await createProject(call, PROJECT);
  const options = ["--headless", "--no-watch", "--project", PROJECT];
  const { child: endpoint, printed } = startOpik(["endpoint", ...options, "--", PYTHON!, "launch.py", "assistant.py"], {
    ...{ python: PYTHON!, environment: pythonEnvironment(server.url, folder, sdk), folder: AGENTS },
  });
  const projectId = await untilProjectExists(call);
  const runnerId = await untilPaired(call, projectId);
  await untilRegistered(call, runnerId, "echo");
  return { server, database, call, projectId, runnerId, endpoint, printed };
}

async function interrupt(endpoint: ChildProcess): Promise<void> {
  const exited = once(endpoint, "exit");
  process.kill(-endpoint.pid!, "SIGINT");
  await exited;
}

async function untilProjectExists(call: Caller): Promise<string> {
  const retrieve = () => call("POST", "/v1/private/projects/retrieve", { body: { name: PROJECT } });
  await expect.poll(async () => (await retrieve()).status).toBe(200);
  return ((await retrieve()).json as { id: string }).id;
}

async function untilPaired(call: Caller, projectId: string): Promise<string> {
  const list = async (): Promise<Array<{ id: string }>> => {
    const page = expectStatus(await call("GET", `/v1/private/local-runners?project_id=${projectId}`), 200).json;
    return (page as { content: Array<{ id: string }> }).content;
  };
  await expect.poll(list).toHaveLength(1);
  return (await list())[0]!.id;
}
