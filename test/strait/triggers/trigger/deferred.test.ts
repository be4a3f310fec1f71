import { expect, test } from "vitest";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

const SECOND = 1_000;
const WORKER = { execution_mode: "worker", tags: { of: "job" }, default_run_metadata: { of: "job" } };

/** Triggers a job. @returns the answer's status and error */
async function trigger({ call }: StraitWorld, jobId: string, body: object = {}): Promise<[number, string | undefined]> {
  const { status, json } = await call("POST", `/v1/jobs/${jobId}/trigger`, body);
  return [status, json.error?.message];
}

async function runsOf({ call }: StraitWorld): Promise<Array<Record<string, unknown>>> {
  return (await call("GET", "/v1/runs")).json.data;
}

test("a debounced run has what its trigger says, starts at once, and nothing of the job's tags and metadata", async () => {
  await using world = createStraitWorld();
  const jobId = await world.job({ ...WORKER, debounce_window_secs: 5 });
  const scheduled_at = "2026-01-01T01:00:00Z";
  await trigger(world, jobId, { scheduled_at, tags: { of: "trigger" }, priority: 3, ttl_secs: 7 });
  await world.clock.advance(5 * SECOND);
  const [run] = await runsOf(world);
  expect(run).toMatchObject({ status: "queued", tags: { of: "trigger" }, priority: 3 });
  expect(run).toMatchObject({ expires_at: "2026-01-01T00:00:12Z" });
  for (const field of ["scheduled_at", "metadata"]) expect(run).not.toHaveProperty(field);
});

test("a batch that is full has the priority of the trigger that filled it, one that has waited the job's tags", async () => {
  await using world = createStraitWorld();
  const jobId = await world.job({ ...WORKER, batch_window_secs: 5, batch_max_size: 2, run_ttl_secs: 9 });
  for (const priority of [1, 4, 2]) await trigger(world, jobId, { priority });
  await world.clock.advance(5 * SECOND);
  const [waited, full] = await runsOf(world);
  expect(full).toMatchObject({ priority: 4, expires_at: "2026-01-01T00:06:00Z" });
  expect(full).not.toHaveProperty("tags");
  expect(waited).toMatchObject({ tags: { of: "job" }, expires_at: "2026-01-01T00:00:14Z" });
  for (const run of [waited, full]) expect(run).not.toHaveProperty("metadata");
});

test("a batch of a job that names no size has as many triggers as come in its window", async () => {
  await using world = createStraitWorld();
  const jobId = await world.job({ ...WORKER, batch_window_secs: 5 });
  for (let count = 0; count < 120; count += 1) await trigger(world, jobId, { payload: count });
  await world.clock.advance(5 * SECOND);
  const runs = await runsOf(world);
  expect(runs.map(({ payload }) => (payload as { items: unknown[] }).items.length)).toEqual([120]);
});

test("the batch of a disabled job waits until the job is enabled", async () => {
  await using world = createStraitWorld();
  const jobId = await world.job({ ...WORKER, batch_window_secs: 5 });
  await trigger(world, jobId, { payload: 1 });
  await world.call("PATCH", `/v1/jobs/${jobId}`, { enabled: false });
  await world.clock.advance(3_600 * SECOND);
  expect(await runsOf(world)).toEqual([]);
  expect(world.server.runs.deferredTriggers.nextDue()).toBeUndefined();
  await world.call("PATCH", `/v1/jobs/${jobId}`, { description: "still disabled" });
  await world.clock.advance(SECOND);
  expect(await runsOf(world)).toEqual([]);
  await world.call("PATCH", `/v1/jobs/${jobId}`, { enabled: true });
  await world.clock.advance(0);
  expect(await runsOf(world)).toMatchObject([{ payload: { items: [1] }, triggered_by: "batch" }]);
});

test.for([{ debounce_window_secs: 5 }, { batch_window_secs: 5 }])(
  "a trigger that is deferred, by %j, keeps to the job's rate",
  async (window) => {
    await using world = createStraitWorld();
    const jobId = await world.job({ ...WORKER, ...window, rate_limit_max: 1, rate_limit_window_secs: 60 });
    expect(await trigger(world, jobId)).toEqual([201, undefined]);
    await world.clock.advance(5 * SECOND);
    expect(await runsOf(world)).toHaveLength(1);
    expect(await trigger(world, jobId)).toEqual([429, "job rate limit exceeded"]);
  },
);
