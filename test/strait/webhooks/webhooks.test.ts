import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { answer, close, hang, startExecutor } from "../dispatch/executor.ts";
import { createDispatchWorld, type DispatchWorld } from "../dispatch/world.ts";
import { type Executor, startRun } from "../executor.ts";
import type { Answered } from "../world.ts";

/** Waits for the event `go`, with `url` to be notified of it. */
function wait(run: Executor, url: string, key = "go"): Promise<Answered> {
  return run.sdk("POST", "/wait-for-event", { event_key: key, timeout_secs: 86_400, notify_url: url });
}

/** The only delivery there is. */
async function delivery(world: DispatchWorld): Promise<Record<string, unknown>> {
  const { json } = await world.call("GET", "/v1/webhooks/deliveries");
  expect(json.data).toHaveLength(1);
  return json.data[0];
}

async function notifyStatus(world: DispatchWorld, key = "go"): Promise<string> {
  return (await world.call("GET", `/v1/events/${key}`)).json.notify_status;
}

/** Resolves when the only delivery was called so often, and what came of it is written down. */
async function untilCalled(world: DispatchWorld, times: number): Promise<Record<string, unknown>> {
  const called = Promise.withResolvers<void>();
  const stop = world.server.events.on("run:webhook:changed", ({ delivery }) => {
    if (delivery.attempts === times) called.resolve();
  });
  if ((await delivery(world))["attempts"] !== times) await called.promise;
  stop();
  return delivery(world);
}

describe("the notify_url of a wait", () => {
  test("is called with the address for the event", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor(answer(204));
    const run = await startRun(world);
    const waiting = await wait(run, receiver.url, "approval:order/1");
    await receiver.untilAsked(1);
    const { trigger_id, expires_at } = waiting.json;
    const [called] = receiver.asked;
    expect(called?.body).toBe(
      `{"callback_url":"/v1/events/approval:order%2F1/send","event_key":"approval:order/1",` +
        `"expires_at":"${expires_at}","project_id":"default","trigger_id":"${trigger_id}"}`,
    );
    const { id } = await untilCalled(world, 1);
    expect(called?.headers).toMatchObject({
      "content-type": "application/json",
      "x-strait-timestamp": String(world.clock.now() / 1_000),
      "x-strait-trigger-id": trigger_id,
      "x-strait-delivery-id": id,
      "x-strait-attempt": "1/5",
      "x-strait-idempotency-key": `${id}:1`,
      "x-strait-replay-key": `rk_${id}`,
    });
    expect(called?.headers).not.toHaveProperty("x-strait-signature");
    expect(await notifyStatus(world, "approval:order%2F1")).toBe("sent");
    expect(await delivery(world)).toMatchObject({ status: "delivered", last_status_code: 204 });

    await world.call("POST", JSON.parse(called?.body ?? "").callback_url, { payload: { yes: true } });
    expect(await run.run()).toMatchObject({ status: "queued" });
  });

  test("is called once for a wait, and for no other wait", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor();
    await wait(await startRun(world), receiver.url);
    await untilCalled(world, 1);
    const silent = await startRun(world);
    await silent.sdk("POST", "/wait-for-event", { event_key: "silent" });
    await world.clock.advance(3_600_000);
    expect(receiver.asked).toHaveLength(1);
    expect((await world.call("GET", "/v1/events/silent")).json).not.toHaveProperty("notify_status");
  });

  test("is called again when it does not answer well, later each time, until it is given up", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor(answer(503));
    await wait(await startRun(world), receiver.url);
    const delays: number[] = [];
    for (let attempt = 1; attempt < 5; attempt += 1) {
      const { next_retry_at, status } = await untilCalled(world, attempt);
      expect([status, await notifyStatus(world)]).toEqual(["pending", "pending"]);
      const delay = Date.parse(String(next_retry_at)) - world.clock.now();
      delays.push(delay / 1_000);
      await world.clock.advance(delay - 1);
      expect(receiver.asked).toHaveLength(attempt);
      await world.clock.advance(1);
    }
    for (const [index, delay] of delays.entries()) {
      expect(delay / 5 ** (index + 1)).toBeGreaterThan(0.79);
      expect(delay / 5 ** (index + 1)).toBeLessThan(1.21);
    }
    expect(await untilCalled(world, 5)).toMatchObject({
      status: "dead",
      max_attempts: 5,
      last_status_code: 503,
      last_error: "server error: status 503",
    });
    expect(await notifyStatus(world)).toBe("failed");
    expect(receiver.asked.map(({ headers }) => headers["x-strait-attempt"])).toEqual(
      [1, 2, 3, 4, 5].map((attempt) => `${attempt}/5`),
    );
    expect(new Set(receiver.asked.map(({ headers }) => headers["x-strait-replay-key"])).size).toBe(1);
    await world.clock.advance(3_600_000);
    expect(receiver.asked).toHaveLength(5);
  });

  test.each([
    ["refuses", answer(404), "client error: status 404", 404],
    ["sends elsewhere", answer(302, "", { location: "/elsewhere" }), "redirect not followed: status 302", 302],
  ])("is given up at once when it %s", async (_, behaviour, last_error, last_status_code) => {
    const world = createDispatchWorld();
    const receiver = await startExecutor(behaviour);
    await wait(await startRun(world), receiver.url);
    expect(await untilCalled(world, 1)).toMatchObject({ status: "dead", last_error, last_status_code });
    expect(await notifyStatus(world)).toBe("failed");
    expect(receiver.asked.map(({ path }) => path)).toEqual(["/run"]);
  });

  test("is waited for 5 seconds the first time, 15 seconds then", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor(hang);
    await wait(await startRun(world), receiver.url);
    await receiver.untilAsked(1);
    await world.clock.advance(4_999);
    expect(await delivery(world)).toMatchObject({ attempts: 0 });
    await world.clock.advance(1);
    const { last_error, next_retry_at } = await untilCalled(world, 1);
    expect(last_error).toBe("http request: no answer within 5.0 s");
    await world.clock.advance(Date.parse(String(next_retry_at)) - world.clock.now());
    await receiver.untilAsked(2);
    await world.clock.advance(14_999);
    expect(await delivery(world)).toMatchObject({ attempts: 1 });
    await world.clock.advance(1);
    expect(await untilCalled(world, 2)).toMatchObject({ last_error: "http request: no answer within 15.0 s" });
  });

  test("is called again when its connection breaks", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor(close);
    await wait(await startRun(world), receiver.url);
    expect(await untilCalled(world, 1)).toMatchObject({
      status: "pending",
      last_error: expect.stringMatching(/^http request: ./),
    });
    receiver.behave(answer(200));
    await world.clock.advance(6_000);
    const { last_error, ...delivered } = await untilCalled(world, 2);
    expect([delivered["status"], last_error]).toEqual(["delivered", undefined]);
  });

  test("can be called again by hand when it was given up", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor(answer(410));
    await wait(await startRun(world), receiver.url);
    const { id } = await untilCalled(world, 1);
    receiver.behave(hang);
    const retried = await world.call("POST", `/v1/webhooks/deliveries/${String(id)}/retry`);
    expect([retried.status, retried.json]).toMatchObject([200, { id, status: "pending", attempts: 0 }]);
    for (const field of ["last_error", "last_status_code"]) expect(retried.json).not.toHaveProperty(field);
    expect(await notifyStatus(world)).toBe("pending");
    await receiver.untilAsked(2);
    receiver.behave(answer(200));
    await world.clock.advance(15_000);
    await untilCalled(world, 1);
    await world.clock.advance(6_000);
    expect(await untilCalled(world, 2)).toMatchObject({ status: "delivered" });
    expect(await notifyStatus(world)).toBe("sent");
  });

  test("may be gone with its wait while it is called", async () => {
    const errors: unknown[] = [];
    const world = createDispatchWorld();
    world.server.events.on("server:error", ({ error }) => errors.push(error));
    const receiver = await startExecutor(hang);
    await wait(await startRun(world), receiver.url);
    await receiver.untilAsked(1);
    await world.call("DELETE", "/v1/events/go");
    await world.clock.advance(2_000);
    world.server.runs.eventTriggers.deleteEnded(world.clock.now() + 86_400_000);
    await world.clock.advance(10_000);
    expect((await world.call("GET", "/v1/webhooks/deliveries")).json.data).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("the webhook_url of a job", () => {
  const secret = "a secret of sixteen";

  test("is called at the end of a run, signed", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor();
    const run = await startRun(world, { webhook_url: receiver.url, webhook_secret: secret });
    await run.sdk("POST", "/complete", '{"result":{"z":1.0,"big":12345678901234567890}}');
    await receiver.untilAsked(1);
    const [called] = receiver.asked;
    const { runId, jobId } = run;
    expect(called?.body).toBe(
      `{"run_id":"${runId}","job_id":"${jobId}","project_id":"default","status":"completed","attempt":1,` +
        `"result":{"z":1.0,"big":12345678901234567890},"timestamp":"2026-01-01T00:00:00Z"}`,
    );
    const hmac = (text: string): string => createHmac("sha256", secret).update(text).digest("hex");
    const { id } = await untilCalled(world, 1);
    const timestamp = called?.headers["x-strait-timestamp"];
    expect(called?.headers).toMatchObject({
      "x-run-id": runId,
      "x-job-id": jobId,
      "x-strait-attempt": "1/3",
      "x-strait-signature": `v1=${hmac(`${String(timestamp)}.${called?.body}`)}`,
      "x-webhook-signature": `v1=${hmac(`${String(timestamp)}.${called?.body}`)}`,
      "x-strait-replay-key": `rk_${hmac(String(id)).slice(0, 32)}`,
      "x-strait-idempotency-key": `ik_${hmac(`${String(id)}:1`).slice(0, 32)}`,
    });
    expect(called?.headers).not.toHaveProperty("x-strait-trigger-id");
  });

  test("is called for failures, and for runs that never began", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor();
    const run = await startRun(world, { webhook_url: receiver.url });
    const other = await world.trigger(run.jobId);
    await run.sdk("POST", "/fail", { error: "no luck" });
    await world.call("DELETE", `/v1/runs/${other}`);
    await receiver.untilAsked(2);
    const called = receiver.asked.map(({ body }) => JSON.parse(body));
    expect(called).toMatchObject([
      { run_id: run.runId, status: "failed", error: "no luck" },
      { run_id: other, status: "canceled" },
    ]);
    expect(called[0]).not.toHaveProperty("result");
  });

  test("is not called with more than it may be sent", async () => {
    const world = createDispatchWorld({ webhookMaxPayloadBytes: 500 });
    const receiver = await startExecutor();
    const run = await startRun(world, { webhook_url: receiver.url });
    await run.sdk("POST", "/complete", { result: "x".repeat(500) });
    expect(await untilCalled(world, 1)).toMatchObject({
      status: "dead",
      last_error: expect.stringMatching(/^payload too large: 7\d\d bytes exceeds max 500$/),
    });
    expect(receiver.asked).toEqual([]);
  });

  test("goes with its run", async () => {
    const world = createDispatchWorld();
    const receiver = await startExecutor();
    const run = await startRun(world, { webhook_url: receiver.url });
    await run.sdk("POST", "/complete");
    await untilCalled(world, 1);
    world.server.runs.runs.deleteEnded(world.clock.now());
    expect((await world.call("GET", "/v1/webhooks/deliveries")).json.data).toEqual([]);
  });
});

test("no more webhooks are called at once than the server lets, and the others in turn", async () => {
  const world = createDispatchWorld({ maxOpenWebhooks: 2 });
  const receiver = await startExecutor(hang);
  for (const key of ["1", "2", "3", "4"]) await wait(await startRun(world), receiver.url, key);
  await receiver.untilAsked(2);
  receiver.behave(answer(200));
  expect(await Promise.all(["1", "2", "3", "4"].map((key) => notifyStatus(world, key)))).toEqual([
    "pending",
    "pending",
    "pending",
    "pending",
  ]);
  expect(receiver.asked).toHaveLength(2);
  await world.clock.advance(5_000);
  await receiver.untilAsked(4);
  expect(receiver.asked.map(({ body }) => JSON.parse(body).event_key)).toEqual(["1", "2", "3", "4"]);
});

test("a server that stops waits for no webhook", async () => {
  const world = createDispatchWorld();
  const receiver = await startExecutor(hang);
  await wait(await startRun(world), receiver.url);
  await receiver.untilAsked(1);
  await world.server.stop();
});
