import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { answer, hang, startExecutor } from "../strait/dispatch/executor.ts";
import { type Caller, createCaller } from "../support/call.ts";
import { createProject, expectStatus, pairRunner } from "../support/pairing.ts";
import { startAgent } from "./support/agent-process.ts";
import { holdJob } from "./support/held-job.ts";
import { untilRegistered } from "./support/job-client.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface RunView {
  id: string;
  job_id: string;
  status: string;
  attempt: number;
  result?: unknown;
  error?: string;
  run_token: string;
}

const EXAMPLE = fileURLToPath(new URL("../../fixtures/executor/executor.ts", import.meta.url));
const HELP = fileURLToPath(new URL("../../src/cli/help/executor.md", import.meta.url));

async function createJob(call: Caller, slug: string, definition: object): Promise<string> {
  const body = { name: slug, slug, retry_strategy: "fixed", ...definition };
  return (expectStatus(await call("POST", "/v1/jobs", { body }), 201).json as RunView).id;
}

async function trigger(call: Caller, jobId: string, body: object = {}): Promise<RunView> {
  return expectStatus(await call("POST", `/v1/jobs/${jobId}/trigger`, { body }), 201).json as RunView;
}

async function getRun(call: Caller, id: string): Promise<RunView> {
  return expectStatus(await call("GET", `/v1/runs/${id}`), 200).json as RunView;
}

async function untilRunIs(call: Caller, id: string, ...statuses: string[]): Promise<RunView> {
  await expect.poll(async () => (await getRun(call, id)).status).toBeOneOf(statuses);
  return getRun(call, id);
}

interface Example {
  /** The three commands, without the pause in between. */
  commands: string[];
  /** Runs lines in one shell. @returns what they print */
  paste(...lines: string[]): string;
}

/** Starts the example executor on a free port; it is killed when the test ends. */
async function startExample(server: { url: string; port: number }): Promise<Example> {
  const executor = spawn(process.execPath, [EXAMPLE], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, STRAIT_BASE_URL: server.url, EXECUTOR_PORT: "0" },
  });
  onTestFinished(async () => {
    executor.kill("SIGKILL");
    await once(executor, "exit");
  });
  const [said] = (await once(executor.stdout, "data")) as [Buffer];
  const executorPort = Number(/port: (\d+)/.exec(String(said))?.[1]);
  const commands = commandsOfExample()
    .filter((line) => !line.startsWith("sleep "))
    .map((line) => line.replaceAll(":5173", `:${server.port}`).replaceAll(":3000", `:${executorPort}`));
  expect(commands).toHaveLength(3);
  const paste = (...lines: string[]): string => {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", lines.join("\n")], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  return { commands, paste };
}

/** What stands behind "Then, beside it:" in the example. */
function commandsOfExample(): string[] {
  const [, commands = ""] = readFileSync(EXAMPLE, "utf8").split("Then, beside it:\n//\n");
  return commands
    .slice(0, commands.indexOf("\n//\n"))
    .replaceAll(/^\/\/ {3}/gm, "")
    .split(/\n(?! )/);
}

test("the commands of the example executor are those of the help", () => {
  expect(readFileSync(HELP, "utf8")).toContain(`\`\`\`sh\n${commandsOfExample().join("\n")}\n\`\`\``);
});

test("the example executor runs as its three commands are pasted, with a kill of the server in the middle", async () => {
  const database = join(temporaryFolder(), "opik-local.db");
  const server = await startServerProcess(database);
  const { commands, paste } = await startExample(server);
  const call = createCaller(server.url);
  const id = paste(...commands.slice(0, 2), "echo $RUN");
  await untilRunIs(call, id, "waiting");

  await server.kill();
  await startServerProcess(database, server.port);
  expect((await getRun(call, id)).status).toBe("waiting");
  paste(commands[2]!);
  expect(await untilRunIs(call, id, "completed")).toMatchObject({
    attempt: 1,
    result: { deployed: "1.4.2", approved_by: "ada" },
  });
  const { json } = await call("GET", `/v1/runs/${id}/events`);
  const messages = (json as { data: Array<{ message: string }> }).data.map(({ message }) => message);
  expect(messages).toEqual(["built 1.4.2", "ada approved 1.4.2"]);
});

test("the example executor does not deploy without an approval, even if the event of one was used before", async () => {
  const server = await startServerProcess(join(temporaryFolder(), "opik-local.db"));
  const { commands, paste } = await startExample(server);
  const call = createCaller(server.url);
  const first = paste(...commands.slice(0, 2), "echo $RUN");
  await untilRunIs(call, first, "waiting");
  paste(commands[2]!);
  const { job_id } = await untilRunIs(call, first, "completed");
  const again = paste(`JOB=${job_id}`, commands[1]!, "echo $RUN");
  const { error } = await untilRunIs(call, again, "failed");
  expect(error).toMatch(/^Error: wait-for-event 409: .*already/);
});

test("after a kill with runs queued, executing, waiting and delayed, all go on", async () => {
  const database = join(temporaryFolder(), "opik-local.db");
  const settings = { STALE_THRESHOLD: "5s", REAPER_INTERVAL: "1s", HEARTBEAT_INTERVAL: "1s" };
  const server = await startServerProcess(database, undefined, settings);
  const call = createCaller(server.url);
  const executor = await startExecutor(hang);
  const narrow = await createJob(call, "narrow", { endpoint_url: executor.url, max_concurrency: 1 });
  const executing = await trigger(call, narrow);
  await executor.untilAsked(1);
  const queued = await trigger(call, narrow);
  const scheduled_at = new Date(Date.now() + 3_000).toISOString();
  const delayed = await trigger(call, await createJob(call, "later", { endpoint_url: executor.url }), { scheduled_at });
  const waiting = await trigger(call, await createJob(call, "patient", { execution_mode: "worker" }));
  expectStatus(
    await call("POST", `/sdk/v1/runs/${waiting.id}/wait-for-event`, {
      body: { event_key: "go" },
      headers: { authorization: `Bearer ${waiting.run_token}` },
    }),
    200,
  );

  await server.kill();
  executor.behave(answer(200, '"done"'));
  await startServerProcess(database, server.port, settings);
  expect(await getRun(call, waiting.id)).toMatchObject({ status: "waiting" });
  for (const { id } of [queued, executing, delayed]) {
    expect(await untilRunIs(call, id, "completed", "dead_letter", "crashed", "expired")).toMatchObject({
      status: "completed",
      result: "done",
      attempt: id === executing.id ? 2 : 1,
    });
  }
  expectStatus(await call("POST", "/v1/events/go/send", { body: { payload: "now" } }), 200);
  const next = expectStatus(await call("POST", "/__local/runs/next"), 200).json as { run: RunView; run_token: string };
  expect(next.run.id).toBe(waiting.id);
  const headers = { authorization: `Bearer ${next.run_token}` };
  expectStatus(await call("POST", `/sdk/v1/runs/${waiting.id}/complete`, { body: {}, headers }), 200);
});

test("after a kill, the notify_url of a wait is called, and the next run of a chain exists once", async () => {
  const database = join(temporaryFolder(), "opik-local.db");
  const server = await startServerProcess(database);
  const call = createCaller(server.url);
  const speak = async ({ id, run_token }: RunView, path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${run_token}` };
    expectStatus(await call("POST", `/sdk/v1/runs/${id}/${path}`, { body, headers }), 200);
  };
  const receiver = await startExecutor(hang);
  await createJob(call, "next", { execution_mode: "worker" });
  const jobId = await createJob(call, "first", { execution_mode: "worker", on_complete_trigger_job: "next" });
  await speak(await trigger(call, jobId), "wait-for-event", { event_key: "go", notify_url: receiver.url });
  await receiver.untilAsked(1);
  const completed = await trigger(call, jobId);
  await speak(completed, "complete", { result: [1] });

  await server.kill();
  receiver.behave(answer(200));
  await startServerProcess(database, server.port);
  await receiver.untilAsked(2);
  const [once, again] = receiver.asked.map(({ headers, body }) => [headers["x-strait-delivery-id"], body]);
  expect(again).toEqual(once);
  const wait = async (): Promise<unknown> => (await call("GET", "/v1/events/go")).json;
  await expect.poll(wait).toMatchObject({ status: "waiting", notify_status: "sent" });
  const followers = await call("GET", "/v1/runs?triggered_by=job_chain");
  expect(followers.json).toMatchObject({ data: [{ parent_run_id: completed.id, payload: [1] }], has_more: false });
});

test("an agent with the SDK from npm executes runs of opik:// jobs, also across a kill of the server", async () => {
  const database = join(temporaryFolder(), "opik-local.db");
  const server = await startServerProcess(database);
  const call = createCaller(server.url);
  const projectId = await createProject(call, "tea house");
  const runnerId = await pairRunner(call, { projectId });
  startAgent(call.baseUrl, runnerId, "tea house", "ada");
  await untilRegistered(call, runnerId, "wait");

  const echo = await createJob(call, "echo", { endpoint_url: "opik://tea%20house/echo" });
  const asked = await trigger(call, echo, { payload: { question: "why?" } });
  expect(await untilRunIs(call, asked.id, "completed", "dead_letter")).toMatchObject({
    result: { result: "ada: why?" },
  });
  const logged = async (): Promise<string> => (await call("GET", `/v1/runs/${asked.id}/events`)).text;
  await expect.poll(logged).toContain("thinking about why?");

  const fail = await createJob(call, "fail", { endpoint_url: "opik://tea%20house/fail", max_attempts: 2 });
  const failed = await trigger(call, fail, { payload: { reason: "no more tea" } });
  expect(await untilRunIs(call, failed.id, "completed", "dead_letter")).toMatchObject({
    status: "dead_letter",
    error: "Error: no more tea",
    attempt: 2,
  });

  const wait = await createJob(call, "wait", { endpoint_url: "opik://tea%20house/wait" });
  const work = holdJob();
  const slow = await trigger(call, wait, { payload: work.inputs });
  await untilRunIs(call, slow.id, "executing");
  await server.kill();
  await startServerProcess(database, server.port);
  work.release();
  expect(await untilRunIs(call, slow.id, "completed", "dead_letter")).toMatchObject({
    status: "completed",
    result: { result: "waited" },
  });
});
