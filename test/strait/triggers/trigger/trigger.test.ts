import { describe, expect, test } from "vitest";
import { createStraitWorld } from "../../world.ts";

const SECOND = 1_000;
const EMPTY_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

describe("a trigger", () => {
  test("makes a queued run and gives its token", async () => {
    await using world = createStraitWorld();
    const job = await world.job({
      execution_mode: "worker",
      tags: { team: "a", z: "1" },
      default_run_metadata: { origin: "test" },
    });
    const made = await world.call("POST", `/v1/jobs/${job}/trigger`, { tags: { team: "b" }, priority: 3 });
    const { id, run_token } = made.json;
    expect(made.status).toBe(201);
    expect(made.json).toEqual({ id, status: "queued", payload_hash: EMPTY_HASH, idempotency_hit: false, run_token });
    expect(await world.server.runs.tokens.verify(`Bearer ${run_token}`, id)).toMatchObject({ runId: id, attempt: 1 });
    const run = await world.call("GET", `/v1/runs/${id}`);
    expect(run.json).toMatchObject({
      payload: {},
      tags: { team: "b", z: "1" },
      metadata: { origin: "test" },
      triggered_by: "manual",
      priority: 3,
      job_version: 1,
      expires_at: "2026-01-01T00:06:00Z",
    });
  });

  test("the order of keys and the space between them do not matter to the payload's hash; big numbers survive", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const send = (body: string) => world.call("POST", `/v1/jobs/${job}/trigger`, body);
    const one = await send('{"payload": {"b": [1, 2], "a": 12345678901234567890, "__proto__": 1.0}}');
    const two = await send('{"payload":{"a":12345678901234567890,"__proto__":1.0,"b":[1,2]}}');
    expect(one.json.payload_hash).toBe(two.json.payload_hash);
    const run = await world.call("GET", `/v1/runs/${one.json.id}`);
    expect(run.text).toContain('"payload":{"__proto__":1.0,"a":12345678901234567890,"b":[1,2]}');
  });

  test.for([
    [{ scheduled_at: "2026-01-01T00:00:00Z" }, 400, "scheduled_at must not be in the past"],
    [{ scheduled_at: "2026-02-01T00:00:00Z" }, 400, "scheduled_at cannot exceed 30 days from now"],
    [{ scheduled_at: "tomorrow" }, 400, /^invalid request body: parsing time/],
    [{ priority: 11 }, 422, "validation failed"],
    [{ tags: { "": "x" } }, 400, "tag keys must be non-empty"],
    [{ payload: { count: "1" } }, 400, "payload validation failed: $.count must be integer"],
    [{ payload: {} }, 400, "payload validation failed: $.count is required"],
  ] as const)("%j is refused: %i %s", async ([body, status, message]) => {
    await using world = createStraitWorld();
    const payload_schema = { type: "object", required: ["count"], properties: { count: { type: "integer" } } };
    const job = await world.job({ payload_schema });
    const answer = await world.call("POST", `/v1/jobs/${job}/trigger`, body);
    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toMatch(message);
  });

  test("an unknown, disabled or paused job is refused", async () => {
    await using world = createStraitWorld();
    const disabled = await world.job({ enabled: false });
    const paused = await world.job();
    await world.call("POST", `/v1/jobs/${paused}/pause`, { reason: "later" });
    const ask = async (job: string): Promise<unknown[]> => {
      const answer = await world.call("POST", `/v1/jobs/${job}/trigger`, {});
      return [answer.status, answer.json.error.message];
    };
    expect(await ask("none")).toEqual([404, "job not found"]);
    expect(await ask(disabled)).toEqual([400, "job is disabled"]);
    expect(await ask(paused)).toEqual([409, "job is paused -- resume it before triggering new runs"]);
  });

  test("for later makes a delayed run that may start until its time and its time to live are over", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const body = { scheduled_at: "2026-01-02T00:00:00Z", ttl_secs: 60 };
    const { json } = await world.call("POST", `/v1/jobs/${job}/trigger`, body);
    const run = await world.call("GET", `/v1/runs/${json.id}`);
    expect(run.json).toMatchObject({ status: "delayed", expires_at: "2026-01-02T00:01:00Z" });
  });

  test("tried dry makes nothing", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ payload_schema: { type: "object" } });
    const answer = await world.call("POST", `/v1/jobs/${job}/trigger`, { dry_run: true, payload: { a: 1 } });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      job: { id: job, timeout_secs: 300, max_attempts: 3 },
      payload: { a: 1 },
      expires_at: "2026-01-01T00:06:00Z",
    });
    expect(world.server.runs.runs.countCreatedSince(job, 0)).toBe(0);
  });

  test("of the same payload within the job's window answers the first run", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ dedup_window_secs: 60 });
    const send = async () => (await world.call("POST", `/v1/jobs/${job}/trigger`, { payload: { a: 1 } })).json.id;
    const first = await send();
    await world.clock.advance(59 * SECOND);
    expect(await send()).toBe(first);
    await world.clock.advance(2 * SECOND);
    expect(await send()).not.toBe(first);
  });

  test("over the job's rate is refused until the window has moved on", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ rate_limit_max: 2, rate_limit_window_secs: 10 });
    const send = () => world.call("POST", `/v1/jobs/${job}/trigger`, {});
    await send();
    await send();
    const refused = await send();
    expect([refused.status, refused.json.error.message]).toEqual([429, "job rate limit exceeded"]);
    expect(refused.headers.get("retry-after")).toBe("5");
    await world.clock.advance(11 * SECOND);
    expect((await send()).status).toBe(201);
  });

  test("that is debounced fires once, with the last payload, when its key has been quiet", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ debounce_window_secs: 5 });
    const send = (value: number) =>
      world.call("POST", `/v1/jobs/${job}/trigger`, { payload: { value }, debounce_key: "k" });
    expect((await send(1)).json).toEqual({ debounced: true, fire_at: "2026-01-01T00:00:05Z" });
    await world.clock.advance(4 * SECOND);
    expect((await send(2)).json.fire_at).toBe("2026-01-01T00:00:09Z");
    const { deferredTriggers } = world.server.runs;
    const fired: unknown[] = [];
    world.server.events.on("run:created", ({ run }) => fired.push(run));
    expect(deferredTriggers.nextDue()).toBe(world.clock.now() + 5 * SECOND);
    await world.clock.advance(4 * SECOND);
    expect(fired).toEqual([]);
    await world.clock.advance(SECOND);
    deferredTriggers.fireDue();
    expect(fired).toMatchObject([{ triggered_by: "debounce", payload: { text: '{"value":2}' } }]);
    expect(deferredTriggers.nextDue()).toBeUndefined();
  });

  test("that is batched fires when the batch is full", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ batch_window_secs: 5, batch_max_size: 2 });
    const send = (value: number) => world.call("POST", `/v1/jobs/${job}/trigger`, { payload: { value } });
    expect((await send(1)).json).toEqual({ buffered: true });
    const full = await send(2);
    expect(full.json).toMatchObject({ status: "queued", batch: true });
    const run = await world.call("GET", `/v1/runs/${full.json.id}`);
    expect(run.json.payload).toEqual({ items: [{ value: 1 }, { value: 2 }] });
    expect(world.server.runs.deferredTriggers.nextDue()).toBeUndefined();
  });
});

describe("a bulk trigger", () => {
  test("makes all runs under one batch, and reports which keys were known", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const items = [{ payload: 1 }, { idempotency_key: "k" }, { idempotency_key: "k" }];
    const { status, json } = await world.call("POST", `/v1/jobs/${job}/trigger/bulk`, { items });
    expect([status, json.total, json.created]).toEqual([201, 3, 2]);
    expect(json.results.map((result: { idempotency_hit: boolean }) => result.idempotency_hit)).toEqual([
      false,
      false,
      true,
    ]);
    expect(json.results[2].id).toBe(json.results[1].id);
  });

  test("with one wrong item makes none and names it", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ payload_schema: { type: "object" } });
    const send = async (items: unknown[]): Promise<unknown[]> => {
      const answer = await world.call("POST", `/v1/jobs/${job}/trigger/bulk`, { items });
      return [answer.status, answer.json.error.message, ...(answer.json.error.details ?? [])];
    };
    expect(await send([{ payload: {} }, { payload: {} }, { payload: 1 }])).toEqual([
      400,
      "payload validation failed for item 2: $ must be object",
    ]);
    expect(await send([{ payload: {} }, { scheduled_at: "2025-01-01T00:00:00Z" }])).toEqual([
      400,
      "scheduled_at validation failed for item 1: scheduled_at must not be in the past",
    ]);
    expect(await send([])).toEqual([422, "validation failed", "items: failed on 'min'"]);
    expect(await send(Array.from({ length: 501 }, () => ({})))).toEqual([
      400,
      "maximum 500 items per bulk trigger request",
    ]);
    expect(world.server.runs.runs.countCreatedSince(job, 0)).toBe(0);
  });
});
