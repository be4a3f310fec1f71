import { describe, expect, test } from "vitest";
import type { RunStatus } from "../../../../src/strait/run/state-machine.ts";
import { answer, startExecutor } from "../../dispatch/executor.ts";
import { createDispatchWorld, type DispatchWorld } from "../../dispatch/world.ts";
import { type Executor, startRun } from "../../executor.ts";

interface RunView {
  id: string;
  status: string;
  triggered_by: string;
  lineage_depth: number;
}

/** The runs that follow others, newest first. */
async function followers(world: DispatchWorld): Promise<RunView[]> {
  const all = (await world.call("GET", "/v1/runs?limit=100")).json.data as RunView[];
  return all.filter(({ triggered_by }) => triggered_by.startsWith("job_"));
}

/** The job `next`, whose runs wait for workers. */
function nextJob(world: DispatchWorld, definition: object = {}): Promise<string> {
  return world.job({ slug: "next", execution_mode: "worker", ...definition });
}

/** Collects the chains that end too early. */
function listen(world: DispatchWorld): string[] {
  const broken: string[] = [];
  world.server.events.on("run:chain:broken", ({ next, reason }) => void broken.push(`${next}: ${reason}`));
  return broken;
}

describe("on_complete_trigger_job", () => {
  test("is pushed what its mapping finds in the result of the push before", async () => {
    const world = createDispatchWorld();
    const first = await startExecutor(answer(200, '{"user":{"id":"u-1"},"amount":49.90,"rest":1}'));
    const second = await startExecutor(answer(200));
    const next = await world.job({ slug: "next", endpoint_url: second.url, tags: { own: "tag" } });
    const jobId = await world.job({
      endpoint_url: first.url,
      on_complete_trigger_job: "next",
      on_complete_payload_mapping: { user: "user.id", amount: "amount" },
    });
    const id = await world.trigger(jobId);
    await second.untilAsked(1);
    expect(second.asked[0]?.body).toBe('{"amount":49.90,"user":"u-1"}');
    const [follower] = await followers(world);
    await world.untilRunIs(follower?.id ?? "", "completed");
    expect(follower).toMatchObject({
      job_id: next,
      project_id: "default",
      triggered_by: "job_chain",
      parent_run_id: id,
      lineage_depth: 1,
      priority: 0,
      tags: { source_job_id: jobId, source_run_id: id },
      payload: { amount: 49.9, user: "u-1" },
    });
    expect(await followers(world)).toHaveLength(1);
  });

  test("follows a run that its executor completes, with all of its result", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const run = await startRun(world, { on_complete_trigger_job: "next" });
    await run.sdk("POST", "/complete", '{"result":{"z":1.0,"a":12345678901234567890}}');
    const [follower] = await followers(world);
    expect(world.run(follower?.id ?? "").payload_json).toBe('{"z":1.0,"a":12345678901234567890}');
    expect(world.run(follower?.id ?? "")).toMatchObject({
      status: "queued",
      execution_mode: "worker",
      expires_at: null,
    });
  });

  test("is given nothing of a run without a result", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const run = await startRun(world, { on_complete_trigger_job: "next", on_complete_payload_mapping: { a: "b" } });
    await run.sdk("POST", "/complete");
    const [follower] = await followers(world);
    expect(world.run(follower?.id ?? "").payload_json).toBeNull();
  });

  test("is the job of that slug in the run's own project", async () => {
    const world = createDispatchWorld();
    await world.call(
      "POST",
      "/v1/jobs",
      { name: "n", slug: "next", execution_mode: "worker" },
      { "x-project-id": "elsewhere" },
    );
    const broken = listen(world);
    const run = await startRun(world, { on_complete_trigger_job: "next" });
    const completed = await run.sdk("POST", "/complete");
    expect(completed.json).toMatchObject({ status: "completed" });
    expect(await followers(world)).toEqual([]);
    expect(broken).toEqual(["next: there is no such job"]);
  });

  test("is that of the version which the run executes", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const run = await startRun(world, { on_complete_trigger_job: "next" });
    await world.call("PATCH", `/v1/jobs/${run.jobId}`, { on_complete_trigger_job: "" });
    await run.sdk("POST", "/complete");
    expect(await followers(world)).toHaveLength(1);
  });

  test("does not follow a run that fails, nor on_failure_trigger_job one that completes", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const completing = await startRun(world, { on_failure_trigger_job: "next" });
    await completing.sdk("POST", "/complete");
    const failing = await startRun(world, { on_complete_trigger_job: "next" });
    await failing.sdk("POST", "/fail", { error: "no" });
    expect(await followers(world)).toEqual([]);
  });
});

describe("on_failure_trigger_job", () => {
  test("receives what has failed, and the payload of the failed run", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const executor = await startExecutor(answer(400));
    const jobId = await world.job({ endpoint_url: executor.url, on_failure_trigger_job: "next" });
    const id = await world.trigger(jobId, { payload: { order: 1 } });
    await world.untilRunIs(id, "dead_letter");
    const [follower] = await followers(world);
    expect(follower).toMatchObject({ triggered_by: "job_failure", parent_run_id: id, lineage_depth: 1 });
    expect(world.run(follower?.id ?? "").payload_json).toBe(
      `{"source_job_id":"${jobId}","source_run_id":"${id}","error":"endpoint returned 400","error_class":"client",` +
        '"status":"dead_letter","attempt":1,"original_input":{"order":1}}',
    );
  });

  test("is given what its mapping finds in that", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const mapping = { why: "error", order: "original_input.n", class: "error_class" };
    const run = await startRun(world, { on_failure_trigger_job: "next", on_failure_payload_mapping: mapping });
    await run.sdk("POST", "/fail", { error: "sold out" });
    const [follower] = await followers(world);
    expect(world.run(follower?.id ?? "").payload_json).toBe('{"class":"","order":1,"why":"sold out"}');
  });

  test("comes after the last attempt only", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const executor = await startExecutor(answer(503));
    const definition = { retry_strategy: "fixed", max_attempts: 2, on_failure_trigger_job: "next" };
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, ...definition }));
    await world.untilAttemptFailed(id);
    expect(await followers(world)).toEqual([]);
    await world.clock.advance(1_000);
    await world.untilRunIs(id, "dead_letter");
    expect(await followers(world)).toHaveLength(1);
  });

  const ends: ReadonlyArray<[RunStatus, number, (world: DispatchWorld, run: Executor) => Promise<unknown>]> = [
    ["failed", 1, (_, run) => run.sdk("POST", "/fail", { error: "no" })],
    ["timed_out", 1, (world) => world.clock.advance(60_000)],
    ["canceled", 0, (world, run) => world.call("DELETE", `/v1/runs/${run.runId}`)],
  ];
  test.each(ends)("follows a run that ends %s: %i times", async (status, times, end) => {
    const world = createDispatchWorld();
    await nextJob(world);
    const run = await startRun(world, { max_attempts: 1, timeout_secs: 60, on_failure_trigger_job: "next" });
    await end(world, run);
    expect(world.run(run.runId).status).toBe(status);
    expect(await followers(world)).toHaveLength(times);
  });

  test("follows a run that is lost", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    // As a server leaves it that was killed in the middle.
    const { id } = world.server.runs.runs.create({
      job_id: await world.job({ max_attempts: 1, on_failure_trigger_job: "next" }),
      project_id: "default",
      triggered_by: "manual",
      status: "executing",
      started_at: world.clock.now(),
      heartbeat_at: world.clock.now(),
    });
    await world.clock.advance(60_000);
    expect(world.run(id).status).toBe("crashed");
    expect(await followers(world)).toHaveLength(1);
  });

  test("does not follow a run that was not started in time", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const jobId = await world.job({ execution_mode: "worker", on_failure_trigger_job: "next" });
    const id = await world.trigger(jobId, { ttl_secs: 10 });
    await world.clock.advance(60_000);
    expect(world.run(id).status).toBe("expired");
    expect(await followers(world)).toEqual([]);
  });

  test("comes again when a dead letter is replayed and fails again", async () => {
    const world = createDispatchWorld();
    await nextJob(world);
    const executor = await startExecutor(answer(400));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, on_failure_trigger_job: "next" }));
    await world.untilRunIs(id, "dead_letter");
    await world.call("POST", `/v1/runs/${id}/dlq-replay`);
    await world.untilRunIs(id, "dead_letter");
    expect(await followers(world)).toHaveLength(2);
  });
});

test("jobs that start each other in a circle stop after ten links", async () => {
  const world = createDispatchWorld();
  const executor = await startExecutor(answer(200, "{}"));
  const broken = listen(world);
  await world.job({ slug: "ping", endpoint_url: executor.url, on_complete_trigger_job: "pong" });
  const pong = await world.job({ slug: "pong", endpoint_url: executor.url, on_complete_trigger_job: "ping" });
  await world.trigger(pong);
  await expect.poll(() => broken).toEqual(["ping: a chain ends after 10 links"]);
  expect((await followers(world)).map(({ lineage_depth }) => lineage_depth)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test("workflows are not started, and an event is emitted", async () => {
  const world = createDispatchWorld();
  await nextJob(world);
  const broken = listen(world);
  const run = await startRun(world, { on_complete_trigger_workflow: "flow", on_complete_trigger_job: "next" });
  await run.sdk("POST", "/complete");
  expect(broken).toEqual(["flow: workflows are not emulated"]);
  expect(await followers(world)).toHaveLength(1);
});

test("the end of a run and what follows it happen together or not at all", async () => {
  const world = createDispatchWorld();
  await nextJob(world);
  const run = await startRun(world, { on_complete_trigger_job: "next" });
  let isBroken = true;
  world.server.runs.runs.onEnd(() => {
    if (isBroken) throw new Error("the disk is full");
  });
  expect(await run.sdk("POST", "/complete")).toMatchObject({ status: 500 });
  expect(await run.run()).toMatchObject({ status: "executing" });
  expect(await followers(world)).toEqual([]);
  isBroken = false;
  expect(await run.sdk("POST", "/complete")).toMatchObject({ status: 200 });
  expect(await followers(world)).toHaveLength(1);
});
