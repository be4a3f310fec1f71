import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { answer, close, hang, startExecutor } from "./executor.ts";
import { createDispatchWorld } from "./world.ts";

const SECRET = "a secret of sixteen and more";

describe("a push", () => {
  test("carries JSON without blanks, unlike the real server's JSONB text [strait 5.1]", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job({ endpoint_url: executor.url });
    const id = await world.trigger(jobId, { payload: { list: [1, { a: "<b> & c" }], text: "x, y: z" } });
    await world.untilRunIs(id, "completed");
    expect(executor.asked[0]?.body).toBe('{"list":[1,{"a":"<b> & c"}],"text":"x, y: z"}');
  });

  test("carries the bare payload, and says which run it is", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job({ endpoint_url: executor.url });
    const id = await world.trigger(jobId, { payload: { b: 2, a: 1.0 } });
    await world.untilRunIs(id, "completed");
    const [asked] = executor.asked;
    expect(asked).toMatchObject({ method: "POST", path: "/run", body: '{"a":1,"b":2}' });
    expect(asked?.headers).toMatchObject({
      "content-type": "application/json",
      "x-run-id": id,
      "x-job-id": jobId,
      "x-attempt": "1",
    });
    expect(asked?.headers).not.toHaveProperty("x-strait-signature");
    expect(asked?.headers).not.toHaveProperty("x-last-checkpoint");
    expect(asked?.headers).not.toHaveProperty("x-previous-error");
  });

  test("is signed over its time and body with the job's secret", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job({ endpoint_url: executor.url, endpoint_signing_secret: SECRET });
    await world.untilRunIs(await world.trigger(jobId, { payload: { text: "ü" } }), "completed");
    const { headers, body } = executor.asked[0]!;
    const timestamp = headers["x-strait-timestamp"] as string;
    expect(timestamp).toBe(String(Math.floor(world.clock.now() / 1_000)));
    const expected = createHmac("sha256", SECRET).update(`${timestamp}.${body}`, "utf8").digest("hex");
    expect(headers["x-strait-signature"]).toBe(`v1=${expected}`);
  });

  test("hands the trigger's trace headers on", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job({ endpoint_url: executor.url });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await world.call("POST", `/v1/jobs/${jobId}/trigger`, {}, { traceparent, baggage: "a=b" });
    await executor.untilAsked(1);
    expect(executor.asked[0]?.headers).toMatchObject({ traceparent, baggage: "a=b" });
  });

  test("belongs to a trace of Sentry's: the trigger's, or one of the run's that its attempts share", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 2, retry_strategy: "fixed" });
    const id = await world.trigger(jobId);
    await executor.untilAsked(1);
    await world.untilRunIs(id, "queued");
    await world.clock.advance(2_000);
    await executor.untilAsked(2);
    const traces = executor.asked.map(({ headers }) => String(headers["sentry-trace"]).split("-"));
    for (const trace of traces)
      expect(trace).toEqual([id.replaceAll("-", ""), expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(traces[0]).not.toEqual(traces[1]);
    await world.call("POST", `/v1/jobs/${jobId}/trigger`, {}, { "sentry-trace": "given" });
    await executor.untilAsked(3);
    expect(executor.asked[2]?.headers["sentry-trace"]).toBe("given");
  });

  test.for([
    ['{"answer": 42, "big": 12345678901234567890}', '{"answer":42,"big":12345678901234567890}'],
    ["plain text", '"plain text"'],
    ['{"cut": ', '"{\\"cut\\": "'],
    ["null", "null"],
    ["", null],
  ] as const)("that is answered with %j has %j for its result", async ([body, result]) => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(202, body));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    expect(await world.untilRunIs(id, "completed")).toMatchObject({ result_json: result, error: null });
  });

  test("reads no more of an answer than fits into a result", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(200, "x".repeat(2_000_000)));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    const { result_json } = await world.untilRunIs(id, "completed");
    expect(JSON.parse(result_json ?? "")).toHaveLength(1_048_574);
  });
});

describe("an executor that fails", () => {
  test.for([
    [400, "client", "dead_letter"],
    [401, "auth", "dead_letter"],
    [403, "auth", "dead_letter"],
    [408, "client", "dead_letter"],
    [429, "rate_limited", "queued"],
    [500, "server", "queued"],
    [503, "server", "queued"],
  ] as const)("with %i is of class %s, and its run is %s then", async ([status, error_class, then]) => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(status));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    const run = await world.untilAttemptFailed(id);
    expect(run).toMatchObject({ status: then, error_class, error: `endpoint returned ${status}` });
  });

  test("is reported with the beginning of its answer, which its run does not keep", async () => {
    const world = createDispatchWorld();
    const reported: unknown[] = [];
    world.server.events.on("run:push:failed", (failed) => reported.push(failed));
    const executor = await startExecutor(answer(500, `no disk${"!".repeat(2_000)}`));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 1 }));
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({ error: "endpoint returned 500" });
    expect(reported).toEqual([{ run_id: id, status: 500, body: `no disk${"!".repeat(993)}` }]);
  });

  test("with a redirect is not followed", async () => {
    const world = createDispatchWorld();
    const elsewhere = await startExecutor();
    const executor = await startExecutor(answer(307, "", { location: elsewhere.url }));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 1 }));
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({
      error: "endpoint returned 307",
      error_class: "unknown",
    });
    expect(elsewhere.asked).toEqual([]);
  });

  test("by closing the connection is of class transient, by not being there of class connection", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(close);
    const closing = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 1 }));
    expect(await world.untilRunIs(closing, "dead_letter")).toMatchObject({
      error_class: "transient",
      error: "http dispatch: Post: request failed",
    });
    const absent = await world.trigger(await world.job({ max_attempts: 1 }));
    expect(await world.untilRunIs(absent, "dead_letter")).toMatchObject({
      error_class: "connection",
      error: "http dispatch: Post: request failed",
    });
  });

  test("by hanging is cut off when the run's time is over, and its last attempt is timed out", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, timeout_secs: 20, max_attempts: 2 }));
    await executor.untilAsked(1);
    await world.clock.advance(20_000);
    expect(world.run(id)).toMatchObject({
      status: "queued",
      attempt: 2,
      error: "execution timed out",
      error_class: "transient",
    });
    await world.clock.advance(1_300);
    await executor.untilAsked(2);
    await world.clock.advance(20_000);
    expect(world.run(id)).toMatchObject({ status: "timed_out", error: "execution timed out" });
  });

  test("by hanging is given up when one call has lasted too long", async () => {
    const world = createDispatchWorld({ executorHttpTimeoutMs: 5_000 });
    const executor = await startExecutor(hang);
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 1 }));
    await executor.untilAsked(1);
    await world.clock.advance(5_000);
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({
      error_class: "timeout",
      error: "endpoint did not answer within 5.0 s",
    });
  });
});

describe("the fallback endpoint", () => {
  test("is tried once, with the same headers, when the first cannot be reached", async () => {
    const world = createDispatchWorld();
    const [executor, fallback] = [await startExecutor(answer(429)), await startExecutor()];
    const id = await world.trigger(
      await world.job({ endpoint_url: executor.url, fallback_endpoint_url: fallback.url }),
    );
    await world.untilRunIs(id, "completed");
    const { host: _, ...headers } = executor.asked[0]!.headers;
    expect(fallback.asked[0]?.headers).toMatchObject(headers);
    expect(fallback.asked).toHaveLength(1);
  });

  test("is left alone when the first says that it went wrong", async () => {
    const world = createDispatchWorld();
    const [executor, fallback] = [await startExecutor(answer(500)), await startExecutor()];
    const job = { endpoint_url: executor.url, fallback_endpoint_url: fallback.url, max_attempts: 1 };
    await world.untilRunIs(await world.trigger(await world.job(job)), "dead_letter");
    expect(fallback.asked).toEqual([]);
  });
});

describe("an executor that calls back while it runs", () => {
  test("completes the run itself, and its answer is ignored", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(async ({ headers }, response) => {
      const [id, token] = [String(headers["x-run-id"]), String(headers["x-run-token"])];
      await world.speak(id, token, "complete", { result: "by itself" });
      response.end('"by answering"');
    });
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    expect(await world.untilRunIs(id, "completed")).toMatchObject({ result_json: '"by itself"' });
  });

  test("fails the run itself, which is not tried again", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(async ({ headers }, response) => {
      await world.speak(String(headers["x-run-id"]), String(headers["x-run-token"]), "fail", { error: "no" });
      response.end();
    });
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    expect(await world.untilRunIs(id, "failed")).toMatchObject({ error: "no", error_class: null });
    await world.clock.advance(60_000);
    expect(executor.asked).toHaveLength(1);
  });

  test("waits for an event, and gets its payload with the next push of the same attempt", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(async ({ headers }, response) => {
      if (headers["x-last-checkpoint"] === undefined) {
        const [id, token] = [String(headers["x-run-id"]), String(headers["x-run-token"])];
        await world.speak(id, token, "wait-for-event", { event_key: "approval", timeout_secs: 86_400 });
        response.end('"this answer means nothing"');
      } else response.end('"done"');
    });
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    await world.untilRunIs(id, "waiting");
    await world.clock.advance(3_600_000);
    const sent = await world.call("POST", "/v1/events/approval/send", { payload: { yes: "ja, natürlich" } });
    expect(sent.status).toBe(200);
    expect(await world.untilRunIs(id, "completed")).toMatchObject({ result_json: '"done"', attempt: 1 });
    const { headers } = executor.asked[1]!;
    expect(headers["x-attempt"]).toBe("1");
    expect(JSON.parse(String(headers["x-last-checkpoint"]))).toEqual({ yes: "ja, natürlich" });
    expect(headers["x-checkpoint-at"]).toBe(new Date(world.clock.now()).toISOString().replace(".000", ""));
    const spoken = await world.call("GET", `/sdk/v1/runs/${id}/payload`, undefined, {
      authorization: `Bearer ${String(headers["x-run-token"])}`,
    });
    expect(spoken.status, "the fresh token was good until the run ended").toBe(410);
  });

  test("and answers late is not taken for the push that came after the event", async () => {
    const world = createDispatchWorld();
    let answerLate: () => void = () => {};
    const executor = await startExecutor(async ({ headers }, response) => {
      if (executor.asked.length > 1) return;
      await world.speak(String(headers["x-run-id"]), String(headers["x-run-token"]), "wait-for-event", {
        event_key: "go",
      });
      answerLate = () => response.end('"of the first push"');
    });
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    await world.untilRunIs(id, "waiting");
    await world.call("POST", "/v1/events/go/send", {});
    await executor.untilAsked(2);
    const ended = world.untilRunIs(id, "completed");
    answerLate();
    await world.speak(id, String(executor.asked[1]?.headers["x-run-token"]), "complete", { result: "of the second" });
    expect(await ended).toMatchObject({ result_json: '"of the second"' });
  });
});
