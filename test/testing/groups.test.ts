import { expect, test } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import { connectOpikLocal, startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { createCaller } from "../support/call.ts";
import { stopWhenFinished } from "../support/leaks.ts";

const FIXTURE = {
  projects: [{ name: "demo" }, { name: "other" }],
  runners: [
    { name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] },
    { name: "bridge", project: "demo", type: "connect" as const, keep_alive: true, capabilities: ["jobs", "bridge"] },
  ],
};

async function start(): Promise<TestServer> {
  const opik = await startOpikLocal({ fixtures: FIXTURE });
  stopWhenFinished(opik.server as OpikLocalParts);
  return opik;
}

test("runners: finds one by name or id, lists all, and waits until one is as wanted", async () => {
  const opik = await start();
  const laptop = opik.runners.get("laptop");
  expect(laptop).toMatchObject({ name: "laptop", type: "endpoint", status: "connected", agents: [{ name: "echo" }] });
  expect(opik.runners.get(laptop?.id ?? "")).toEqual(laptop);
  expect(opik.runners.get("desktop")).toBeUndefined();
  expect(opik.runners.list().map(({ name }) => name)).toEqual(["laptop", "bridge"]);

  const another = opik.runners.waitFor(({ agents }) => agents.some(({ name }) => name === "sum"));
  opik.seed({
    projects: [{ name: "other" }],
    runners: [{ name: "server", project: "other", agents: [{ name: "sum" }] }],
  });
  expect(await another).toMatchObject({ name: "server", status: "connected" });
  await opik.clock.advance("16s");
  expect(opik.runners.get("server")?.status).toBe("disconnected");
  await expect(opik.runners.waitFor(({ name }) => name === "desktop", { timeoutMs: 1 })).rejects.toThrow(
    "no runner is as wanted; there are laptop (connected), bridge (connected), server (disconnected)",
  );
});

test("runners: an agent of an SDK is one of them by its environment", async () => {
  const opik = await start();
  for (const server of [opik, connectOpikLocal(opik.url)]) {
    expect(await server.runners.environment("laptop")).toEqual({
      ...server.environment,
      OPIK_RUNNER_MODE: "true",
      OPIK_RUNNER_ID: opik.runners.get("laptop")?.id,
      OPIK_PROJECT_NAME: "demo",
    });
    await expect((async () => server.runners.environment("desktop"))()).rejects.toThrow(
      'There is no runner "desktop"; there are laptop (connected), bridge (connected).',
    );
  }
});

test("jobs: cancels a job", async () => {
  const opik = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  opik.jobs.cancel(id);
  expect(opik.jobs.get(id)?.status).toBe("cancelled");
  expect(() => opik.jobs.cancel("00000000-0000-7000-8000-000000000000")).toThrow("not found");
});

test("bridge: submits a command, and waits for what the runner reports", async () => {
  const opik = await start();
  const runner = opik.runners.get("bridge")?.id ?? "";
  const id = opik.bridge.create({ runner: "bridge", type: "ReadFile", args: { path: "a.py" }, timeout_seconds: 5 });
  expect(opik.bridge.list()).toEqual([opik.bridge.get(id)]);
  expect(opik.bridge.get(id)).toMatchObject({ status: "pending", args: { path: "a.py" }, timeout_seconds: 5 });
  const completed = opik.bridge.waitFor(id, "completed");
  const commands = `/v1/private/local-runners/${runner}/bridge/commands`;
  const call = createCaller(opik.url);
  await call("POST", `${commands}/next`, { body: {} });
  await call("POST", `${commands}/${id}/results`, { body: { status: "completed", result: { content: "x" } } });
  expect(await completed).toMatchObject({ result: { content: "x" } });
  await expect(opik.bridge.waitFor(id, "failed")).rejects.toThrow(
    `the bridge command ${id} is completed, and never will be failed`,
  );
  expect(() => opik.bridge.create({ runner, type: "ReadFile", arg: {} } as never)).toThrow("Did you mean args?");
});

test("traces: waits until a trace is as wanted, lists traces of a project, and their spans", async () => {
  const opik = await start();
  const call = createCaller(opik.url);
  const ended = opik.traces.waitFor(({ end_time }) => end_time !== undefined);
  const id = "019a0000-0000-7000-8000-000000000001";
  const start_time = "2026-01-01T00:00:00Z";
  await call("POST", "/v1/private/traces", { body: { id, project_name: "demo", name: "answer", start_time } });
  const spans = ["2", "3"].map((digit) => ({
    ...{ id: `019a0000-0000-7000-8000-00000000000${digit}`, trace_id: id, project_name: "demo", start_time },
    ...{ type: "llm", name: `call ${digit}`, usage: { total_tokens: 2 } },
  }));
  await call("POST", "/v1/private/spans/batch", { body: { spans } });
  const body = { project_name: "demo", end_time: "2026-01-01T00:00:01Z" };
  await call("PATCH", `/v1/private/traces/${id}`, { body });
  const trace = await ended;
  expect(trace).toMatchObject({ id, name: "answer", span_count: 2, duration: 1000, usage: { total_tokens: 4 } });
  expect(opik.traces.list({ project: "demo" })).toEqual([trace]);
  expect(opik.traces.list({ project: "other" })).toEqual([]);
  expect(() => opik.traces.list({ project: "nowhere" })).toThrow('There is no project "nowhere".');
  expect(opik.traces.spans(trace).map(({ name }) => name)).toEqual(["call 2", "call 3"]);
  await expect(opik.traces.waitFor(({ name }) => name === "b", { timeoutMs: 1 })).rejects.toThrow("there are 1");
});

test("faults: adds, lists and removes them; a reset removes all", async () => {
  const opik = await start();
  const [fault] = opik.faults.add({ path: "/is-alive/ping", status: 503, times: 1 });
  expect((await fetch(`${opik.url}/is-alive/ping`)).status).toBe(503);
  expect((await fetch(`${opik.url}/is-alive/ping`)).status).toBe(200);
  expect(opik.faults.list()).toMatchObject([{ id: fault?.id, matched: 1, applied: 1 }]);
  opik.faults.remove(fault?.id ?? "");
  expect(() => opik.faults.remove("fault-1")).toThrow('There is no fault "fault-1".');
  expect(() => opik.faults.add({ status: 503, drop: true })).toThrow("A rule has only one of");
  opik.faults.add({ preset: "overloaded" });
  opik.faults.clear();
  expect(opik.faults.list()).toEqual([]);
  opik.faults.add({ drop: true });
  opik.reset();
  expect(opik.faults.list()).toEqual([]);
});

test("requests: lists, counts and awaits what clients have sent", async () => {
  const opik = await start();
  const awaited = opik.requests.waitFor({ path: "/is-alive/*" }, { count: 2 });
  await fetch(`${opik.url}/is-alive/ping`);
  await fetch(`${opik.url}/is-alive/ver`);
  expect((await awaited).map(({ path }) => path)).toEqual(["/is-alive/ping", "/is-alive/ver"]);
  expect(await opik.requests.count({ path: "/is-alive/ping" })).toBe(1);
  expect(await opik.requests.list()).toMatchObject([{ sequence: 1, status: 200 }, { sequence: 2 }]);
  await expect(opik.requests.waitFor({ path: "/nowhere" }, { timeoutMs: 1 })).rejects.toThrow(
    "0 of 1 requests came within 1 ms; the last ones: GET /is-alive/ping (200), GET /is-alive/ver (200)",
  );
  await expect(opik.requests.count({ status: "many" })).rejects.toThrow("The matcher of requests: status: must be");
  opik.requests.clear();
  expect(await opik.requests.count()).toBe(0);
});
