import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { answer, startExecutor } from "../../dispatch/executor.ts";
import { createDispatchWorld } from "../../dispatch/world.ts";

const SECRET = "a secret of sixteen";

describe("verifying an endpoint", () => {
  test("sends a signed test, and reports that the endpoint answered", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const job = await world.job({ endpoint_url: executor.url, endpoint_signing_secret: SECRET });
    const { status, json } = await world.call("POST", `/v1/jobs/${job}/endpoint/verify`);
    expect([status, json]).toEqual([200, { success: true, status_code: 200, latency_ms: 0 }]);
    const [asked] = executor.asked;
    expect(asked).toMatchObject({ method: "POST", body: '{"type":"endpoint.test"}' });
    const timestamp = asked?.headers["x-strait-timestamp"];
    const digest = createHmac("sha256", SECRET)
      .update(`${String(timestamp)}.${asked?.body}`)
      .digest("hex");
    expect(asked?.headers["x-strait-signature"]).toBe(`v1=${digest}`);
    expect(asked?.headers["x-run-id"]).toBeUndefined();
  });

  test.for([302, 404, 500])("is no success when %i is answered", async (code) => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(code, ""));
    const job = await world.job({ endpoint_url: executor.url });
    const { json } = await world.call("POST", `/v1/jobs/${job}/endpoint/verify`);
    expect(json).toEqual({ success: false, status_code: code, latency_ms: 0 });
  });

  test("waits for ten seconds at most", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(() => {});
    const job = await world.job({ endpoint_url: executor.url });
    const asking = world.call("POST", `/v1/jobs/${job}/endpoint/verify`);
    await executor.untilAsked(1);
    await world.clock.advance(10_000);
    const { json } = await asking;
    expect(json).toEqual({ success: false, latency_ms: 10_000, error: "connection to endpoint URL failed" });
  });

  test("is refused for a job that a runner executes", async () => {
    const world = createDispatchWorld();
    const job = await world.job({ endpoint_url: "opik://project/agent" });
    const { status, json } = await world.call("POST", `/v1/jobs/${job}/endpoint/verify`);
    expect([status, json.error.message]).toEqual([400, "only http and https endpoints can be verified"]);
  });
});
