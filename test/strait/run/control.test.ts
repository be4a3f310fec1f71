import { describe, expect, test } from "vitest";
import { RawJson } from "../../../src/core/json.ts";
import type { NewRun, RunRow } from "../../../src/strait/run/run.ts";
import { RUN_STATUSES, type RunStatus } from "../../../src/strait/run/state-machine.ts";
import { createStraitWorld, type StraitWorld } from "../world.ts";

async function newRun(world: StraitWorld, given: Partial<NewRun> = {}): Promise<RunRow> {
  const job_id = given.job_id ?? (await world.job());
  return world.server.runs.runs.create({ job_id, project_id: "default", triggered_by: "manual", ...given });
}

/** `200 canceled`, or `400 run already in terminal state`. */
async function ask(world: StraitWorld, method: string, path: string, body?: unknown): Promise<string> {
  const { status, json } = await world.call(method, `/v1/runs/${path}`, body);
  return `${status} ${json.error?.message ?? json.status}`;
}

describe("in every status, a run can or cannot be", () => {
  const ended = new Set(["completed", "failed", "timed_out", "crashed", "system_failed", "canceled", "expired"]);
  const replayable = new Set(["failed", "timed_out", "crashed", "system_failed"]);
  const expected: Record<string, (status: RunStatus) => string> = {
    "DELETE ": (status) =>
      ended.has(status) || status === "dead_letter" ? "400 run already in terminal state" : "200 canceled",
    "POST /pause": (status) =>
      ["executing", "paused"].includes(status) ? "200 paused" : "400 run must be in executing state to pause",
    "POST /resume": (status) => (status === "paused" ? "200 queued" : "400 run is not paused"),
    "POST /restart": (status) =>
      ["executing", "paused"].includes(status) ? "200 queued" : "400 run must be executing or paused to restart",
    "POST /replay": (status) => (replayable.has(status) ? "201 queued" : "400 run is not replayable"),
    "POST /dlq-replay": (status) => (status === "dead_letter" ? "200 queued" : "409 run is not in dead_letter status"),
  };
  const cases = Object.keys(expected).flatMap((action) => RUN_STATUSES.map((status) => [action, status] as const));

  test.for(cases)("%s while %s", async ([action, status]) => {
    await using world = createStraitWorld();
    const run = await newRun(world, { status });
    const [method = "", path = ""] = action.split(" ");
    expect(await ask(world, method, run.id + path)).toBe(expected[action]?.(status));
  });
});

describe("a run that is canceled", () => {
  test("takes along what it has spawned, and what that has spawned", async () => {
    await using world = createStraitWorld();
    const { runs } = world.server.runs;
    const parent = await newRun(world, { status: "waiting" });
    const child = await newRun(world, { parent_run_id: parent.id, status: "executing" });
    const grandchild = await newRun(world, { parent_run_id: child.id });
    const done = await newRun(world, { parent_run_id: parent.id, status: "completed" });
    const { json } = await world.call("DELETE", `/v1/runs/${parent.id}`);
    expect(json).toMatchObject({ status: "canceled", error: "canceled by user", finished_at: "2026-01-01T00:00:00Z" });
    for (const id of [child.id, grandchild.id]) {
      expect(runs.find(id)).toMatchObject({ status: "canceled", error: "parent run canceled" });
    }
    expect(runs.find(done.id)?.status).toBe("completed");
  });
});

describe("a run that is replayed", () => {
  test("is another run with the same payload, tags and priority, and a new life", async () => {
    await using world = createStraitWorld();
    const given = { payload_json: '{"a":1.0}', tags_json: '{"t":"1"}', priority: 4, idempotency_key: "k" };
    const run = await newRun(world, { status: "failed", ...given });
    const { status, json, text } = await world.call("POST", `/v1/runs/${run.id}/replay`);
    expect(status).toBe(201);
    expect(json).toMatchObject({ status: "queued", tags: { t: "1" }, priority: 4 });
    expect(text).toContain('"payload":{"a":1.0}');
    expect(json.id).not.toBe(run.id);
    expect([json.idempotency_key, json.expires_at]).toEqual([undefined, "2026-01-01T00:06:00Z"]);
  });

  test("from a checkpoint gets its state as payload", async () => {
    await using world = createStraitWorld();
    const run = await newRun(world, { status: "crashed", payload_json: "{}" });
    world.server.runs.checkpoints.append(run.id, "sdk", new RawJson('{"step":1}'));
    world.server.runs.checkpoints.append(run.id, "sdk", new RawJson('{"step":2}'));
    const { json } = await world.call("POST", `/v1/runs/${run.id}/replay?from_checkpoint=1`);
    expect(json).toMatchObject({ payload: { step: 1 }, debug_mode: true });
    expect(await ask(world, "POST", `${run.id}/replay?from_checkpoint=3`)).toBe("404 checkpoint not found");
    expect(await ask(world, "POST", `${run.id}/replay?from_checkpoint=0`)).toBe(
      "400 from_checkpoint must be a positive integer",
    );
  });

  test("is executed as its job says now", async () => {
    await using world = createStraitWorld();
    const job_id = await world.job();
    const run = await newRun(world, { job_id, status: "failed", job_version: 1 });
    await world.call("PATCH", `/v1/jobs/${job_id}`, { execution_mode: "worker", queue_name: "new" });
    const { json } = await world.call("POST", `/v1/runs/${run.id}/replay`);
    const replayed = world.server.runs.runs.find(json.id);
    expect(replayed).toMatchObject({
      execution_mode: "worker",
      queue_name: "new",
      job_version: 2,
      replayed_run_id: run.id,
    });
  });

  test("needs a job that is enabled", async () => {
    await using world = createStraitWorld();
    const job = await world.job({ enabled: false });
    const run = await newRun(world, { job_id: job, status: "failed" });
    expect(await ask(world, "POST", `${run.id}/replay`)).toBe("400 job is disabled");
  });

  test("from the dead letter queue is the same run on its first attempt", async () => {
    await using world = createStraitWorld();
    const run = await newRun(world, { status: "dead_letter", attempt: 3, error: "endpoint returned 500" });
    expect((await world.call("GET", "/v1/runs/dlq")).json.data).toMatchObject([{ id: run.id }]);
    const { json } = await world.call("POST", `/v1/runs/${run.id}/dlq-replay`);
    expect(json).toMatchObject({ id: run.id, status: "queued", attempt: 1 });
    expect([json.error, json.finished_at]).toEqual([undefined, undefined]);
    expect((await world.call("GET", "/v1/runs/dlq")).json.data).toEqual([]);
  });
});

test("a run that has not started is put off, with its expiry", async () => {
  await using world = createStraitWorld();
  const job = await world.job({ execution_mode: "worker" });
  const { json } = await world.call("POST", `/v1/jobs/${job}/trigger`);
  const body = { scheduled_at: "2026-01-01T01:00:00Z", payload: { b: 1, a: 2 } };
  const moved = await world.call("POST", `/v1/runs/${json.id}/reschedule`, body);
  expect(moved.json).toMatchObject({ status: "delayed", ...body, expires_at: "2026-01-01T01:06:00Z" });
  expect(await ask(world, "POST", `${json.id}/reschedule`, {})).toBe("422 validation failed");
  const started = await newRun(world, { status: "executing" });
  expect(await ask(world, "POST", `${started.id}/reschedule`, body)).toBe(
    "404 run not found or not eligible for rescheduling",
  );
});

test("an idempotency key that was reset makes another run", async () => {
  await using world = createStraitWorld();
  const job = await world.job();
  const items = [{ idempotency_key: "k" }];
  const first = await world.call("POST", `/v1/jobs/${job}/trigger/bulk`, { items });
  const { id } = first.json.results[0];
  const reset = await world.call("DELETE", `/v1/runs/${id}/idempotency-key`);
  expect(reset.json).toEqual({ status: "reset", run_id: id });
  const second = await world.call("POST", `/v1/jobs/${job}/trigger/bulk`, { items });
  expect(second.json.results[0]).toMatchObject({ status: "queued", idempotency_hit: false });
  expect(await ask(world, "DELETE", `${id}/idempotency-key`)).toBe("200 reset");
});

describe("many at once", () => {
  test("are canceled one by one, failures reported first", async () => {
    await using world = createStraitWorld();
    const live = await newRun(world);
    const done = await newRun(world, { status: "completed" });
    const { json } = await world.call("POST", "/v1/runs/bulk-cancel", { run_ids: [live.id, done.id, "none"] });
    expect(json).toEqual({
      results: [
        { id: done.id, status: "completed", error: "run already in terminal state" },
        { id: "none", status: "failed", error: "run not found" },
        { id: live.id, status: "canceled" },
      ],
      total: 3,
      canceled: 1,
      failed: 2,
    });
    expect(await ask(world, "POST", "bulk-cancel", { run_ids: [] })).toBe("422 validation failed");
    const many = Array.from({ length: 101 }, String);
    expect(await ask(world, "POST", "bulk-cancel", { run_ids: many })).toBe(
      "400 maximum 100 run IDs per bulk cancel request",
    );
  });

  test("are all canceled that match", async () => {
    await using world = createStraitWorld();
    const job = await world.job();
    const mine = await newRun(world, { job_id: job });
    await newRun(world, { job_id: job, status: "completed" });
    const other = await newRun(world);
    const { json } = await world.call("POST", "/v1/runs/bulk-cancel-all", { job_id: job });
    expect(json).toEqual({ canceled: 1, run_ids: [mine.id] });
    expect(world.server.runs.runs.find(other.id)?.status).toBe("queued");
  });

  test("are replayed, and those that cannot be are skipped", async () => {
    await using world = createStraitWorld();
    const failed = await newRun(world, { status: "failed" });
    const live = await newRun(world);
    const { json } = await world.call("POST", "/v1/runs/bulk-replay", { run_ids: [failed.id, live.id, "none"] });
    expect(json).toMatchObject({ total: 3, replayed: 1 });
    expect(json.results.map(({ status }: { status: string }) => status)).toEqual(["replayed", "skipped", "failed"]);
  });
});

describe("the list of runs", () => {
  test.for([
    ["status=queued", ["a", "b"]],
    ["statuses=executing&statuses=failed", ["c", "d"]],
    ["statuses[]=executing&statuses[]=queued", ["a", "b", "c"]],
    ["tag_key=team", ["a", "b"]],
    ["tag_key=team&tag_value=x", ["a"]],
    ["metadata_key=m&metadata_value=1", ["c"]],
    ["triggered_by=cron", ["d"]],
    ["batch_id=b1", ["b"]],
    ["execution_mode=worker", ["c"]],
    ["error_class=server", ["d"]],
    [`payload_contains=${encodeURIComponent('{"deep":{"list":[2]}}')}`, ["a"]],
    ["status=expired", []],
    ["", ["a", "b", "c", "d"]],
  ] as const)("with ?%s shows %j", async ([query, expected]) => {
    await using world = createStraitWorld();
    const job_id = await world.job();
    const make = (name: string, given: Partial<NewRun>) => newRun(world, { job_id, concurrency_key: name, ...given });
    await make("a", { tags_json: '{"team":"x"}', payload_json: '{"deep":{"list":[1,2,3],"more":true}}' });
    await make("b", { tags_json: '{"team":"y"}', batch_id: "b1", payload_json: '{"deep":{"list":[3]}}' });
    await make("c", { status: "executing", metadata_json: '{"m":"1"}', execution_mode: "worker" });
    await make("d", { status: "failed", triggered_by: "cron", error_class: "server" });
    await make("foreign", { project_id: "other" });
    const { status, json } = await world.call("GET", `/v1/runs?${query}`);
    expect(status).toBe(200);
    expect(json.data.map((run: { concurrency_key: string }) => run.concurrency_key).toReversed()).toEqual(expected);
  });

  test.for([
    ["status=dancing", "status is invalid"],
    ["statuses=queued,dancing", "status is invalid"],
    ["tag_value=x", "tag_key is required when tag_value is provided"],
    ["metadata_value=x", "metadata_key is required when metadata_value is provided"],
    ["tag_key=a&metadata_key=b", "tag_key and metadata_key filters are mutually exclusive"],
    ["payload_contains={", "payload_contains must be valid JSON"],
    ["execution_mode=x", "execution_mode is invalid"],
    ["error_class=x", "error_class is invalid"],
    ["cursor=x", "cursor must be a valid RFC3339 timestamp"],
  ])("refuses ?%s: %s", async ([query, message]) => {
    await using world = createStraitWorld();
    const { status, json } = await world.call("GET", `/v1/runs?${query}`);
    expect([status, json.error.message]).toEqual([400, message]);
  });

  test("answers other requests while it looks for payloads", async () => {
    await using world = createStraitWorld();
    const job_id = await world.job();
    for (let index = 0; index < 200; index += 1) await newRun(world, { job_id, payload_json: `{"index":${index}}` });
    const answered: string[] = [];
    const ask = async (name: string, path: string): Promise<void> => {
      await world.call("GET", path);
      answered.push(name);
    };
    const search = `/v1/runs?payload_contains=${encodeURIComponent('{"rare":true}')}`;
    await Promise.all([ask("search", search), ask("other", `/v1/jobs/${job_id}`)]);
    expect(answered).toEqual(["other", "search"]);
  });

  test("pages by matching payloads, however few they are", async () => {
    await using world = createStraitWorld();
    const job_id = await world.job();
    for (let index = 0; index < 1_200; index += 1) {
      await newRun(world, { job_id, payload_json: JSON.stringify({ rare: index % 400 === 0, index }) });
    }
    const path = `/v1/runs?limit=2&payload_contains=${encodeURIComponent('{"rare":true}')}`;
    const first = await world.call("GET", path);
    const second = await world.call("GET", `${path}&cursor=${first.json.next_cursor}`);
    const indexes = [...first.json.data, ...second.json.data].map((run) => run.payload.index);
    expect(indexes).toEqual([800, 400, 0]);
    expect(second.json.has_more).toBe(false);
  });
});

test("lineage is a run with those it continues and those that continue it", async () => {
  await using world = createStraitWorld();
  const job_id = await world.job();
  const first = await newRun(world, { job_id });
  const second = await newRun(world, { job_id, continuation_of: first.id, lineage_depth: 1 });
  const third = await newRun(world, { job_id, continuation_of: second.id, lineage_depth: 2 });
  await newRun(world, { job_id });
  for (const { id } of [first, second, third]) {
    const { json } = await world.call("GET", `/v1/runs/${id}/lineage`);
    expect(json.data.map((run: { id: string }) => run.id)).toEqual([first.id, second.id, third.id]);
  }
});

test("a debug bundle holds all that is known of a run", async () => {
  await using world = createStraitWorld();
  const run = await newRun(world);
  const { runEvents, checkpoints, outputs, resources } = world.server.runs;
  runEvents.append(run, { type: "log", level: "info", message: "hello", data: undefined });
  checkpoints.append(run.id, "sdk", RawJson.of(1));
  outputs.set(run.id, { output_key: "answer", value: RawJson.of(42), schema: undefined });
  const sizes = { cpu_percent: 1, memory_mb: 2, memory_limit_mb: 3, network_rx_bytes: 4, network_tx_bytes: 5 };
  resources.append(run.id, sizes);
  const { json } = await world.call("GET", `/v1/runs/${run.id}/debug-bundle`);
  expect(json).toMatchObject({
    run: { id: run.id },
    events: [{ message: "hello" }],
    checkpoints: [{ state: 1 }],
    usage: [],
    tool_calls: [],
    outputs: [{ value: 42 }],
    resource_snapshots: [sizes],
  });
});
