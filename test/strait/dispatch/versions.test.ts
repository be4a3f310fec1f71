import { describe, expect, test } from "vitest";
import { answer, type Executor, hang, startExecutor } from "./executor.ts";
import { createDispatchWorld, type DispatchWorld } from "./world.ts";

const poll = (world: DispatchWorld, queue: string) => world.call("POST", `/__local/runs/next?queue=${queue}`);
const patch = (world: DispatchWorld, jobId: string, changes: Record<string, unknown>) =>
  world.call("PATCH", `/v1/jobs/${jobId}`, changes);

/** A job whose run waits for a second while its endpoint moves from one executor to another. */
async function moved(
  definition: Record<string, unknown>,
  changes: Record<string, unknown> = {},
): Promise<{ world: DispatchWorld; id: string; versionId: string; older: Executor; newer: Executor }> {
  const world = createDispatchWorld();
  const [older, newer] = [await startExecutor(), await startExecutor()];
  const jobId = await world.job({ endpoint_url: older.url, ...definition });
  const id = await world.trigger(jobId, { scheduled_at: "2026-01-01T00:00:01Z" });
  const { json } = await patch(world, jobId, { endpoint_url: newer.url, ...changes });
  await world.clock.advance(1_000);
  await world.untilRunIs(id, "completed");
  return { world, id, versionId: json.version_id, older, newer };
}

describe("a run that waits while its job changes", () => {
  test.for([[{}], [{ version_policy: "pin" }], [{ version_policy: "minor" }]] as const)(
    "is executed as it was triggered, under %j",
    async ([definition]) => {
      const { world, id, versionId, older, newer } = await moved(definition);
      expect([older.asked.length, newer.asked.length]).toEqual([1, 0]);
      expect(world.run(id)).toMatchObject({ job_version: 1 });
      expect(world.run(id).job_version_id).not.toBe(versionId);
    },
  );

  test.for([
    [{ version_policy: "latest" }, {}],
    [{ version_policy: "minor" }, { backwards_compatible: true }],
    [{ version_policy: "pin" }, { version_policy: "latest" }],
  ] as const)("goes with its job, under %j changed by %j, and says so", async ([definition, changes]) => {
    const { world, id, versionId, older, newer } = await moved(definition, changes);
    expect([older.asked.length, newer.asked.length]).toEqual([0, 1]);
    expect(world.run(id)).toMatchObject({ job_version: 2, job_version_id: versionId });
  });

  test("is signed with the secret of its version", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job({ endpoint_url: executor.url });
    const id = await world.trigger(jobId, { scheduled_at: "2026-01-01T00:00:01Z" });
    await patch(world, jobId, { endpoint_signing_secret: "a secret of sixteen and more" });
    await world.clock.advance(1_000);
    await world.untilRunIs(id, "completed");
    await world.untilRunIs(await world.trigger(jobId), "completed");
    expect(executor.asked.map(({ headers }) => "x-strait-signature" in headers)).toEqual([false, true]);
  });

  test.for([
    [{}, 0],
    [{ version_policy: "latest" }, 2],
  ] as const)("is spawned: it has no version, so its job decides as it is, with %j", async ([policy, version]) => {
    const world = createDispatchWorld();
    const [busy, executor] = [await startExecutor(hang), await startExecutor()];
    const parentId = await world.trigger(await world.job({ execution_mode: "worker" }));
    const { json: parent } = await poll(world, "default");
    const childJob = await world.job({ slug: "child", endpoint_url: busy.url, max_concurrency: 1, ...policy });
    await world.trigger(childJob);
    await busy.untilAsked(1);
    const spawned = await world.speak(parentId, parent.run_token, "spawn", { job_slug: "child" });
    await patch(world, childJob, { endpoint_url: executor.url, max_concurrency: 2 });
    await world.untilRunIs(spawned.json.id, "completed");
    expect(world.run(spawned.json.id)).toMatchObject({ job_version: version });
  });
});

describe("a run that executes while its job changes", () => {
  test("is tried again as often as its version says", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 2, retry_strategy: "fixed" });
    const id = await world.trigger(jobId);
    await world.untilAttemptFailed(id);
    await patch(world, jobId, { max_attempts: 9 });
    await world.clock.advance(1_000);
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({ attempt: 2, job_version: 1 });
  });

  test("takes the time that it had when it began, also where it could go with its job", async () => {
    const world = createDispatchWorld();
    const definition = { execution_mode: "worker", version_policy: "latest", timeout_secs: 10, max_attempts: 1 };
    const jobId = await world.job(definition);
    const id = await world.trigger(jobId);
    await poll(world, "default");
    await patch(world, jobId, { timeout_secs: 60 });
    await world.clock.advance(10_000);
    expect(world.run(id)).toMatchObject({ status: "timed_out", job_version: 1 });
  });

  test("begins its next attempt with the newer version, if it goes with its job", async () => {
    const world = createDispatchWorld();
    const [older, newer] = [await startExecutor(answer(500)), await startExecutor()];
    const definition = { endpoint_url: older.url, version_policy: "latest", retry_strategy: "fixed" };
    const jobId = await world.job(definition);
    const id = await world.trigger(jobId);
    await world.untilAttemptFailed(id);
    await patch(world, jobId, { endpoint_url: newer.url });
    await world.clock.advance(1_000);
    expect(await world.untilRunIs(id, "completed")).toMatchObject({ attempt: 2, job_version: 2 });
    expect(newer.asked).toHaveLength(1);
  });
});

describe("a run that goes with its job to other executors", () => {
  const followed = { execution_mode: "worker", queue_name: "old", version_policy: "latest" };

  test("moves to the new queue of workers", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job(followed);
    const id = await world.trigger(jobId);
    const waiting = poll(world, "new");
    await expect.poll(() => world.server.openPolls.count).toBe(1);
    await patch(world, jobId, { queue_name: "new" });
    expect((await waiting).json).toMatchObject({ run: { id, queue_name: "new", job_version: 2 } });
  });

  test("is pushed when the job is no longer one for workers", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job(followed);
    const id = await world.trigger(jobId);
    await patch(world, jobId, { execution_mode: "http", endpoint_url: executor.url });
    expect(await world.untilRunIs(id, "completed")).toMatchObject({ execution_mode: "http", job_version: 2 });
  });

  test("finds its way after the attempt under which the job has moved", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ ...followed, timeout_secs: 5, retry_strategy: "fixed" });
    const id = await world.trigger(jobId);
    await poll(world, "old");
    await patch(world, jobId, { queue_name: "new" });
    await world.clock.advance(5_000);
    await world.clock.advance(1_000);
    expect((await poll(world, "new")).json).toMatchObject({ run: { id, attempt: 2 } });
  });

  test("does so too when it was deferred while the job moved", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ ...followed, debounce_window_secs: 5 });
    await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
    await patch(world, jobId, { queue_name: "new" });
    await world.clock.advance(5_000);
    expect((await poll(world, "new")).json).toMatchObject({ run: { triggered_by: "debounce", job_version: 2 } });
  });

  test("goes back when the job pins it again before it has begun", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const jobId = await world.job(followed);
    const id = await world.trigger(jobId);
    await patch(world, jobId, { execution_mode: "http", endpoint_url: executor.url, version_policy: "pin" });
    expect(world.run(id)).toMatchObject({ execution_mode: "worker", queue_name: "old" });
    await patch(world, jobId, { queue_name: "new", execution_mode: "worker", version_policy: "latest" });
    expect(world.run(id)).toMatchObject({ execution_mode: "worker", queue_name: "new" });
    await patch(world, jobId, { version_policy: "pin" });
    expect((await poll(world, "old")).json).toMatchObject({ run: { id, queue_name: "old", job_version: 1 } });
    expect(executor.asked).toEqual([]);
  });

  test("goes back, too, when the job pins it while it is put off", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job(followed);
    const id = await world.trigger(jobId);
    await patch(world, jobId, { queue_name: "new" });
    await world.call("POST", `/v1/runs/${id}/reschedule`, { scheduled_at: "2026-01-01T00:00:05Z" });
    await patch(world, jobId, { version_policy: "pin" });
    await world.clock.advance(5_000);
    expect((await poll(world, "old")).json).toMatchObject({ run: { id, job_version: 1 } });
  });

  test("stays where it is when it is pinned", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ ...followed, version_policy: "pin" });
    const id = await world.trigger(jobId);
    await patch(world, jobId, { queue_name: "new", timeout_secs: 1 });
    expect((await poll(world, "old")).json).toMatchObject({ run: { id, job_version: 1 }, timeout_secs: 300 });
  });
});

test("a token from the trigger's answer starts its run with the version of that moment", async () => {
  const world = createDispatchWorld();
  const jobId = await world.job({ execution_mode: "worker", version_policy: "latest" });
  const { json } = await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
  await patch(world, jobId, { timeout_secs: 5, max_attempts: 1 });
  await world.speak(json.id, json.run_token, "heartbeat");
  expect(world.run(json.id)).toMatchObject({ status: "executing", job_version: 2 });
  await world.clock.advance(5_000);
  expect(world.run(json.id).status).toBe("timed_out");
});
