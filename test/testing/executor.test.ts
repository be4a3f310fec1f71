import { describe, expect, test } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import { startOpikLocal, type TestServer, type TriggeredRun } from "../../src/testing/index.ts";
import { answer, startExecutor } from "../strait/dispatch/executor.ts";
import { stopWhenFinished } from "../support/leaks.ts";

async function start(): Promise<TestServer> {
  const opik = await startOpikLocal();
  stopWhenFinished(opik.server as OpikLocalParts);
  return opik;
}

/** Does what an executor does, over the wire. */
async function report(opik: TestServer, { id, run_token }: TriggeredRun, what: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${run_token}`, "content-type": "application/json" };
  const url = `${opik.url}/sdk/v1/runs/${id}/${what}`;
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(await response.text().then((text) => [response.ok, text])).toEqual([true, expect.anything()]);
}

describe("the test double", () => {
  test("triggers a run, sends it the event that it waits for, and waits until it is as wanted", async () => {
    const opik = await start();
    const job_id = opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", tags: { team: "a" } });
    const run = opik.runs.trigger({ job: "deploy", payload: { version: "1.4.2" }, priority: 3 });
    expect(opik.runs.get(run.id)).toMatchObject({
      job_id,
      status: "queued",
      priority: 3,
      tags: { team: "a" },
      events: [],
    });

    const built = opik.runs.waitFor(run.id, ({ events }) => events.length > 0);
    await report(opik, run, "log", { message: "built 1.4.2", data: { size: 1 } });
    expect((await built).events).toEqual([{ type: "log", level: "info", message: "built 1.4.2", data: { size: 1 } }]);

    const waiting = opik.runs.waitFor(run.id, "waiting");
    expect(() => opik.waits.send("approve", null)).toThrow("event trigger not found");
    await report(opik, run, "wait-for-event", { event_key: "approve" });
    await waiting;
    expect(opik.waits.list()).toMatchObject([{ event_key: "approve", job_run_id: run.id, status: "waiting" }]);
    expect(() => opik.waits.send("approve", null, { project: "other" })).toThrow("event trigger not found");
    opik.waits.send("approve", { approved_by: "ada" }, { project: "default" });
    expect(opik.runs.get(run.id)?.status).toBe("queued");
    expect(opik.waits.list()).toMatchObject([{ status: "received", response_payload: { approved_by: "ada" } }]);
    expect(opik.waits.list({ project: "other" })).toEqual([]);

    await report(opik, run, "complete", { result: { deployed: "1.4.2" } });
    const completed = await opik.runs.waitFor(run.id, "completed");
    expect(completed).toMatchObject({ payload: { version: "1.4.2" }, result: { deployed: "1.4.2" } });
    expect(opik.runs.list()).toEqual([completed]);
  });

  test("pushes runs to an executor under test, again when it is time", async () => {
    const opik = await start();
    const executor = await startExecutor(answer(500));
    const job = opik.executorJobs.create({ slug: "deploy", endpoint_url: executor.url, project: "shop" });
    const { id } = opik.runs.trigger({ job, payload: [1] });
    expect(opik.runs.trigger({ job: "deploy", project: "shop" }).id).not.toBe(id);
    await opik.runs.waitFor(id, ({ attempt, status }) => attempt === 2 && status === "queued");
    executor.behave(answer(200, '{"done":true}'));
    await opik.clock.advance("1m");
    expect(await opik.runs.waitFor(id, "completed")).toMatchObject({ project_id: "shop", result: { done: true } });
    expect(executor.asked[0]?.body).toBe("[1]");
  });

  test("does not wait for what cannot come any more", async () => {
    const opik = await start();
    opik.executorJobs.create({ slug: "deploy", execution_mode: "worker" });
    const run = opik.runs.trigger({ job: "deploy", idempotency_key: "once" });
    expect(opik.runs.trigger({ job: "deploy", idempotency_key: "once" }).id).toBe(run.id);
    const refused = expect(opik.runs.waitFor(run.id, "completed")).rejects.toThrow(
      `the run ${run.id} is failed (no luck), and never will be completed`,
    );
    await report(opik, run, "fail", { error: "no luck" });
    await refused;
    await expect(opik.runs.waitFor("nobody", "completed", { timeoutMs: 1 })).rejects.toThrow("there is no run nobody");
  });

  test("throws what the API would answer to a job or a run that is not allowed", async () => {
    const opik = await start();
    expect(() => opik.executorJobs.create({ slug: "a" })).toThrow("endpoint_url is required");
    expect(() => opik.executorJobs.create({ slug: "a", retry_strategy: "hope" })).toThrow(
      "validation failed: retry_strategy: failed on 'oneof'",
    );
    opik.executorJobs.create({ slug: "a", execution_mode: "worker", debounce_window_secs: 5 });
    expect(() => opik.executorJobs.create({ slug: "a", execution_mode: "worker" })).toThrow('slug "a" already exists');
    expect(() => opik.runs.trigger({ job: "b" })).toThrow('There is no executor job "b" in the project "default".');
    expect(() => opik.runs.trigger({ job: "a", priority: 11 })).toThrow("priority: failed on 'max'");
    expect(() => opik.runs.trigger({ job: "a" })).toThrow("This trigger is debounced: it makes no run.");
    await opik.clock.advance("1m");
    expect(opik.runs.list()).toEqual([]);
  });
});
