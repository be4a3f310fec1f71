import { expect, test } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import { connectOpikLocal, type ConnectedServer, startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { createCaller } from "../support/call.ts";
import { settled, stopWhenFinished } from "../support/leaks.ts";

async function start(config: object = {}): Promise<TestServer> {
  const opik = await startOpikLocal({ config });
  stopWhenFinished(opik.server as OpikLocalParts);
  return opik;
}

/** The test server, and the same one over HTTP. */
async function startBoth(): Promise<Array<TestServer | ConnectedServer>> {
  const opik = await start();
  return [opik, connectOpikLocal((await start()).url)];
}

test("a runner of the test's process is given jobs, logs, completes and fails them", async () => {
  for (const opik of await startBoth()) {
    await using runner = await opik.runners.connect({
      agents: ["echo", { name: "sum", timeout: 5, params: [{ name: "a", type: "float" }] }],
      project: "demo",
    });
    expect(await opik.runners.get("test")).toMatchObject({
      id: runner.id,
      status: "connected",
      agents: [{ name: "echo" }, { name: "sum", timeout: 5, params: [{ name: "a", type: "float" }] }],
    });
    const first = await opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
    const second = await opik.jobs.create({ agent: "sum", project: "demo" });
    for await (const job of runner.jobs()) {
      if (job.agent === "sum") {
        await job.fail(new Error("no numbers"));
        break;
      }
      await job.log("echoing");
      await job.log("a warning", "stderr");
      await job.complete({ echo: job.inputs });
    }
    expect(await opik.jobs.waitFor(first, "completed")).toMatchObject({
      result: { echo: { text: "hello" } },
      logs: [
        { stream: "stdout", text: "echoing" },
        { stream: "stderr", text: "a warning" },
      ],
    });
    expect(await opik.jobs.get(second)).toMatchObject({ status: "failed", error: "Error: no numbers" });
  }
});

test("a runner waits for a job, and is given it at once", async () => {
  const opik = await start();
  const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
  const given = runner.jobs().next();
  await settled(() => (opik.server as OpikLocalParts).openPolls.count === 1);
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  expect((await given).value).toMatchObject({ id, agent: "echo" });
});

test("a runner stays connected while the time is advanced, unless it sends no heartbeats", async () => {
  const opik = await start();
  await opik.runners.connect({ agents: ["echo"], project: "demo" });
  const silent = await opik.runners.connect({ agents: ["echo"], project: "silent", name: "silent", heartbeats: false });
  await opik.clock.advance("16s");
  expect(opik.runners.get("test")?.status).toBe("connected");
  expect(opik.runners.get("silent")?.status).toBe("disconnected");
  await silent.heartbeat();
  expect(opik.runners.get("silent")?.status).toBe("connected");
});

test("a heartbeat aborts the signal of a job that was cancelled", async () => {
  const opik = await start();
  const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const { value: job } = await runner.jobs().next();
  opik.jobs.cancel(id);
  expect(job?.signal.aborted).toBe(false);
  expect(await runner.heartbeat()).toEqual([id]);
  expect(job?.signal.aborted).toBe(true);
  await job?.complete();
  expect(opik.jobs.get(id)).toMatchObject({ status: "cancelled" });
});

test.for<[string, (opik: TestServer) => unknown]>([
  ["a newer runner takes its place", (opik) => opik.runners.connect({ agents: ["echo"], project: "demo" })],
  ["the server is reset", (opik) => opik.reset()],
  ["the server is stopped", (opik) => opik.stop()],
])("a runner gets no more jobs when %s", async ([, act]) => {
  const opik = await start();
  const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
  const given = runner.jobs().next();
  await settled(() => (opik.server as OpikLocalParts).openPolls.count === 1);
  await act(opik);
  expect(await given).toEqual({ value: undefined, done: true });
});

test("a runner says goodbye once, and unknown fields are refused", async () => {
  const opik = await start();
  const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
  await runner.disconnect();
  await runner.disconnect();
  expect(opik.runners.list()).toEqual([]);
  await expect(opik.runners.connect({ agent: "echo" } as never)).rejects.toThrow(
    'There is no field of a runner "agent". Did you mean agents?',
  );
});

test("bridge.exec executes a signed command on the machine of a runner", async () => {
  for (const opik of await startBoth()) {
    const runner = await opik.runners.connect({ agents: [], name: "laptop", project: "demo", type: "connect" });
    const call = createCaller(opik.url);
    const base = `/v1/private/local-runners/${runner.id}`;
    await call("POST", `${base}/heartbeats`, { body: { capabilities: ["jobs", "bridge"] } });
    const executed = opik.bridge.exec("laptop", "ls", { timeout_seconds: 5 });
    const { json } = await call("POST", `${base}/bridge/commands/next`, { body: {} });
    const [command] = (json as { commands: Array<{ command_id: string; args: object }> }).commands;
    expect(command?.args).toMatchObject({ command: "ls", _hmac: expect.stringMatching(/./) });
    const id = command?.command_id ?? "";
    await call("POST", `${base}/bridge/commands/${id}/results`, {
      body: { status: "completed", result: { stdout: "a.py\n", exit_code: 0 } },
    });
    expect(await executed).toMatchObject({ status: "completed", result: { stdout: "a.py\n", exit_code: 0 } });
    expect(await opik.bridge.waitFor(id, "completed")).toMatchObject({ command_id: id, timeout_seconds: 5 });
  }
});
