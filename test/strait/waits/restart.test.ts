import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createIdSource } from "../../../src/core/ids.ts";
import { VirtualClock } from "../../../src/core/virtual-clock.ts";
import { createOpikLocal, type OpikLocalParts } from "../../../src/server.ts";
import { answer, hang, startExecutor as startReceiver } from "../dispatch/executor.ts";
import { executorOf, startRun } from "../executor.ts";
import { createStraitWorld, type StraitWorld } from "../world.ts";

/** A world whose database is a file, and the same again after a restart. */
function restartable(): { before: StraitWorld; restart: (advanceMs?: number) => Promise<StraitWorld> } {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-runs-"));
  const database = join(folder, "runs.db");
  const before = createStraitWorld({ database });
  let after: OpikLocalParts | undefined;
  onTestFinished(async () => {
    await before.server.stop();
    await after?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const restart = async (downMs = 0): Promise<StraitWorld> => {
    await before.server.stop();
    const clock = new VirtualClock(before.clock.now() + downMs);
    const server = createOpikLocal({ config: { database }, clock, ids: createIdSource(clock, "after") });
    after = server;
    // Overdue deadlines are met in the first turn of the clock.
    await clock.advance(0);
    const call: StraitWorld["call"] = async (method, path, body, headers = {}) => {
      const hasBody = body !== undefined;
      const response = await server.app.request(path, {
        method,
        headers: { ...(hasBody ? { "content-type": "application/json" } : {}), ...headers },
        ...(hasBody ? { body: JSON.stringify(body) } : {}),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: text === "" ? undefined : JSON.parse(text),
      };
    };
    return { ...before, server, clock, call };
  };
  return { before, restart };
}

test("a run that waits for an event goes on after a restart of the server", async () => {
  const { before, restart } = restartable();
  const first = await startRun(before);
  await first.sdk("POST", "/wait-for-event", { event_key: "go" });
  const after = await restart();
  const executor = executorOf(after, first);
  expect(await executor.run()).toMatchObject({ status: "waiting" });
  await after.call("POST", "/v1/events/go/send", { payload: { yes: true } });
  expect(await executor.run()).toMatchObject({ status: "queued" });
  expect((await executor.sdk("POST", "/complete", { result: 1 })).json).toMatchObject({ status: "completed" });
});

test("a notify_url that was to be called for a wait is called after a restart", async () => {
  const { before, restart } = restartable();
  const receiver = await startReceiver(hang);
  const first = await startRun(before);
  await first.sdk("POST", "/wait-for-event", { event_key: "go", timeout_secs: 60, notify_url: receiver.url });
  await receiver.untilAsked(1);
  receiver.behave(answer(200));
  const after = await restart();
  await receiver.untilAsked(2);
  const notifyStatus = async (): Promise<unknown> => (await after.call("GET", "/v1/events/go")).json.notify_status;
  await expect.poll(notifyStatus).toBe("sent");
  const [once, again] = receiver.asked;
  expect(again?.body).toBe(once?.body);
  expect(again?.headers["x-strait-idempotency-key"]).toBe(once?.headers["x-strait-idempotency-key"]);
});

test("a wait's time goes on over a restart", async () => {
  const { before, restart } = restartable();
  const first = await startRun(before);
  await first.sdk("POST", "/wait-for-event", { event_key: "go", timeout_secs: 60 });
  const after = await restart(40_000);
  const executor = executorOf(after, first);
  await after.clock.advance(19_999);
  expect(await executor.run()).toMatchObject({ status: "waiting" });
  await after.clock.advance(1);
  expect(await executor.run()).toMatchObject({ status: "timed_out" });
});

test("a wait whose time was over while the server was down ends when it starts", async () => {
  const { before, restart } = restartable();
  const first = await startRun(before);
  await first.sdk("POST", "/wait-for-event", { event_key: "go", timeout_secs: 60 });
  const after = await restart(60_000);
  expect(await executorOf(after, first).run()).toMatchObject({ status: "timed_out" });
});

test("a parent whose child ended just before a crash goes on after it", async () => {
  const { before, restart } = restartable();
  const parent = await startRun(before);
  const spawned = await parent.sdk("POST", "/spawn", { job_id: parent.jobId, await_completion: true });
  const { runs, spawns } = before.server.runs;
  // The crash: the child's end is committed, and nothing follows from it.
  vi.spyOn(spawns, "follow").mockImplementation(() => undefined);
  const child = runs.find(spawned.json.id);
  if (child === undefined) throw new Error("the child is not there");
  runs.transition(runs.transition(child, "executing"), "completed", { result_json: "7" });
  expect(await parent.run()).toMatchObject({ status: "waiting" });
  const after = await restart();
  expect(await executorOf(after, parent).run()).toMatchObject({ status: "queued" });
});
