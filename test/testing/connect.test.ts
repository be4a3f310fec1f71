import { expect, test } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import { connectOpikLocal, type ConnectedServer, startOpikLocal, WaitTimeoutError } from "../../src/testing/index.ts";
import { createCaller } from "../support/call.ts";
import { stopWhenFinished } from "../support/leaks.ts";

const FIXTURE = {
  projects: [{ name: "demo" }],
  runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
};

async function start(): Promise<{ opik: ConnectedServer; work: (report: object) => Promise<void> }> {
  const server = await startOpikLocal({ fixtures: FIXTURE, config: { apiKey: "secret" } });
  stopWhenFinished(server.server as OpikLocalParts);
  const opik = connectOpikLocal(server.url, { apiKey: "secret" });
  const call = createCaller(server.url);
  const headers = { authorization: "secret" };
  const base = "/v1/private/local-runners";
  const work = async (report: object): Promise<void> => {
    const runner = (await opik.runners.get("laptop"))?.id ?? "";
    const { json } = await call("POST", `${base}/${runner}/jobs/next`, { headers });
    const { id } = json as { id: string };
    await call("POST", `${base}/jobs/${id}/logs`, { headers, body: [{ stream: "stdout", text: "working" }] });
    await call("POST", `${base}/jobs/${id}/results`, { headers, body: report });
  };
  return { opik, work };
}

test("does over HTTP what the server of a test does in its process", async () => {
  const { opik, work } = await start();
  expect(opik.apiUrl).toBe(`${opik.url}/api`);
  expect(await opik.clock.now()).toBe(Date.UTC(2026, 0, 1));
  expect(await opik.runners.list()).toMatchObject([
    { name: "laptop", status: "connected", agents: [{ name: "echo" }] },
  ]);

  const id = await opik.jobs.create({ agent: "echo", project: "demo", inputs: { n: 1 } });
  expect(await opik.jobs.list()).toMatchObject([{ id, status: "pending", inputs: { n: 1 }, logs: [] }]);
  const completed = opik.jobs.waitFor(id, "completed");
  const printed = opik.jobs.waitFor(id, ({ logs }) => logs.length > 0);
  await work({ status: "completed", result: { ok: true } });
  expect(await completed).toMatchObject({ result: { ok: true } });
  expect(await printed).toMatchObject({ logs: [{ stream: "stdout", text: "working" }] });
  await expect(opik.jobs.waitFor(id, "failed")).rejects.toThrow("completed");
  expect(await opik.jobs.get("00000000-0000-7000-8000-000000000000")).toBeUndefined();

  const late = await opik.jobs.create({ agent: "echo", project: "demo" });
  await expect(opik.jobs.waitFor(late, "completed", { timeoutMs: 20 })).rejects.toThrow(
    `Waited 20 ms: the job ${late} is pending`,
  );
  await expect(opik.jobs.waitFor(late, () => false, { timeoutMs: 1 })).rejects.toThrow(WaitTimeoutError);
  await opik.jobs.cancel(late);
  expect((await opik.jobs.get(late))?.status).toBe("cancelled");

  await opik.clock.advance("1m");
  await opik.clock.advance(1_000);
  expect(await opik.clock.now()).toBe(Date.UTC(2026, 0, 1) + 61_000);
  await opik.seed({ projects: [{ name: "more" }] });
  await opik.reset();
  expect(await opik.jobs.list()).toEqual([]);
  expect(await opik.runners.waitFor(({ name }) => name === "laptop")).toMatchObject({ status: "connected" });
  await expect(opik.runners.waitFor(() => false, { timeoutMs: 1 })).rejects.toThrow("there are laptop (connected)");
});

test("waits for an event that the test causes next, sees the requests of others, and injects faults into them", async () => {
  const { opik } = await start();
  const call = createCaller(opik.url);
  const headers = { authorization: "secret" };
  const created = opik.events.next("job:status:changed", ({ job }) => job.status === "pending");
  const id = await opik.jobs.create({ agent: "echo", project: "demo" });
  expect((await created).job.id).toBe(id);
  await expect(opik.events.next("runner:removed", undefined, { timeoutMs: 1 })).rejects.toThrow(
    "Waited 1 ms: there was no such event runner:removed",
  );
  const awaited = opik.requests.waitFor({ operation: "getJob" });
  await call("GET", `/v1/private/local-runners/jobs/${id}`, { headers });
  expect(await awaited).toMatchObject([{ status: 200 }]);
  expect(await opik.requests.list()).toMatchObject([{ operation: "getJob" }]);
  expect(await opik.requests.count({ operation: "createJob" })).toBe(0);
  await expect(opik.requests.waitFor({ operation: "nextJob" }, { timeoutMs: 1 })).rejects.toThrow(
    "0 of 1 requests came within 1ms",
  );
  await opik.requests.clear();
  expect(await opik.requests.count()).toBe(0);

  const [fault] = await opik.faults.add({ operation: "getJob", status: 503 });
  expect((await call("GET", `/v1/private/local-runners/jobs/${id}`, { headers })).status).toBe(503);
  expect(await opik.jobs.get(id)).toMatchObject({ status: "pending" });
  expect(await opik.faults.list()).toMatchObject([{ id: fault?.id, applied: 1 }]);
  await opik.faults.remove(fault?.id ?? "");
  await expect(opik.faults.remove("fault-9")).rejects.toThrow('There is no fault "fault-9"');
  await opik.faults.clear();
});

test("moves the clock", async () => {
  const { opik } = await start();
  await opik.clock.set("2026-01-02T00:00:00Z");
  expect(await opik.clock.now()).toBe(Date.UTC(2026, 0, 2));
  await opik.clock.resume();
  await opik.clock.freeze();
  await opik.jobs.create({ agent: "echo", project: "demo" });
  expect(await opik.clock.runUntilIdle("1m")).toBe(false);
  await expect(opik.clock.advance("soon")).rejects.toThrow('"soon" is not a duration such as 500ms, 20s or 5m.');
});

test("triggers executor runs, sends their events, and waits for traces", async () => {
  const { opik } = await start();
  const call = createCaller(opik.url);
  await opik.executorJobs.create({ slug: "deploy", execution_mode: "worker" });
  const run = await opik.runs.trigger({ job: "deploy", payload: { version: "1.4.2" }, idempotency_key: "once" });
  expect(
    await opik.runs.trigger({ job: "deploy", payload: { version: "1.4.2" }, idempotency_key: "once" }),
  ).toMatchObject({
    id: run.id,
  });
  const headers = { authorization: `Bearer ${run.run_token}` };
  const waiting = opik.runs.waitFor(run.id, "waiting");
  await call("POST", `/sdk/v1/runs/${run.id}/log`, { headers, body: { message: "built" } });
  await call("POST", `/sdk/v1/runs/${run.id}/wait-for-event`, { headers, body: { event_key: "approve" } });
  expect(await waiting).toMatchObject({ payload: { version: "1.4.2" } });
  await opik.waits.send("approve", { by: "ada" });
  expect(await opik.waits.list()).toMatchObject([{ event_key: "approve", status: "received" }]);
  await call("POST", `/sdk/v1/runs/${run.id}/complete`, { headers, body: { result: { done: true } } });
  expect(await opik.runs.waitFor(run.id, ({ events }) => events.length > 0)).toMatchObject({ result: { done: true } });
  expect(await opik.runs.list()).toHaveLength(1);

  const written = opik.traces.waitFor(({ name }) => name === "answer");
  const key = { authorization: "secret" };
  const body = { project_name: "demo", name: "answer", start_time: "2026-01-01T00:00:00Z" };
  await call("POST", "/v1/private/traces", { headers: key, body });
  expect(await opik.traces.spans(await written)).toEqual([]);
  expect(await opik.traces.list({ project: "demo" })).toHaveLength(1);
});

test("reports what the API answers, and a missing server", async () => {
  const { opik } = await start();
  await expect(opik.jobs.create({ agent: "ecko", project: "demo" })).rejects.toThrow("Agent 'ecko' is not registered");
  await expect(opik.jobs.create({ agent: "echo", project: "nowhere" })).rejects.toThrow("There is no project nowhere.");
  await expect(opik.waits.send("approve")).rejects.toThrow("event trigger not found");
  expect(() => connectOpikLocal(undefined)).toThrow(
    "Which server? Run the tests with `opik-local exec -- ...`, or give its URL.",
  );
  expect(() => connectOpikLocal(opik.url, { key: "x" } as never)).toThrow(
    'There is no option of connectOpikLocal "key".',
  );
});
