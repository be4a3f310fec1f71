import { describe, expect, test, vi } from "vitest";
import { answer, hang, startExecutor } from "./executor.ts";
import { createDispatchWorld } from "./world.ts";

describe("which run is next", () => {
  test("the more urgent first, then the older, over all jobs", async () => {
    const world = createDispatchWorld({ maxOpenPushes: 1 });
    const executor = await startExecutor(hang);
    const jobs = [await world.job({ endpoint_url: executor.url }), await world.job({ endpoint_url: executor.url })];
    const first = await world.trigger(jobs[0]!);
    await executor.untilAsked(1);
    const low = await world.trigger(jobs[0]!, { priority: 1 });
    const high = await world.trigger(jobs[1]!, { priority: 9 });
    const alsoHigh = await world.trigger(jobs[0]!, { priority: 9 });
    executor.behave(answer(200));
    await world.call("DELETE", `/v1/runs/${first}`);
    await world.untilRunIs(low, "completed");
    expect(executor.asked.map(({ headers }) => headers["x-run-id"])).toEqual([first, high, alsoHigh, low]);
  });

  test("no more of a job at once than it allows", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const jobId = await world.job({ endpoint_url: executor.url, max_concurrency: 2 });
    const runs = [await world.trigger(jobId), await world.trigger(jobId), await world.trigger(jobId)];
    await executor.untilAsked(2);
    expect(runs.map((id) => world.run(id).status)).toEqual(["executing", "executing", "queued"]);
    await world.call("DELETE", `/v1/runs/${runs[0]}`);
    await executor.untilAsked(3);
    expect(world.run(runs[2]!).status).toBe("executing");
  });

  test("no more of a key at once than the job allows, while other keys go on", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const jobId = await world.job({ endpoint_url: executor.url, max_concurrency_per_key: 1 });
    const ada = await world.trigger(jobId, { concurrency_key: "ada" });
    const adaToo = await world.trigger(jobId, { concurrency_key: "ada" });
    const grace = await world.trigger(jobId, { concurrency_key: "grace" });
    const withoutKey = await world.trigger(jobId);
    await executor.untilAsked(3);
    expect([ada, adaToo, grace, withoutKey].map((id) => world.run(id).status)).toEqual([
      "executing",
      "queued",
      "executing",
      "executing",
    ]);
    await world.call("DELETE", `/v1/runs/${ada}`);
    await executor.untilAsked(4);
    expect(world.run(adaToo).status).toBe("executing");
  });

  test("a job that allows more goes on at once", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const jobId = await world.job({ endpoint_url: executor.url, max_concurrency: 1 });
    await world.trigger(jobId);
    await world.trigger(jobId);
    await executor.untilAsked(1);
    await world.call("PATCH", `/v1/jobs/${jobId}`, { max_concurrency: 2 });
    await executor.untilAsked(2);
  });
});

test("many jobs with a run each are looked at a few times each, not all again for each run", async () => {
  const world = createDispatchWorld();
  const executor = await startExecutor();
  const jobs: string[] = [];
  while (jobs.length < 40) jobs.push(await world.job({ endpoint_url: executor.url }));
  const { runs, jobs: jobService } = world.server.runs;
  const looks = vi.spyOn(jobService, "find");
  // In one turn, so that one pass hands all of them out.
  for (const job_id of jobs) runs.create({ job_id, project_id: "default", triggered_by: "manual" });
  await executor.untilAsked(jobs.length);
  expect(looks.mock.calls.length).toBeLessThan(6 * jobs.length);
});

describe("retries", () => {
  test("come after 1 s, 2 s, 4 s with jitter, more urgent each time, with what went wrong before", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 3 }));
    const first = await world.untilAttemptFailed(id);
    expect(first).toMatchObject({ attempt: 2, priority: 1, previous_error: "endpoint returned 500" });
    const delay = (first.next_retry_at ?? 0) - world.clock.now();
    expect(delay).toBeGreaterThanOrEqual(800);
    expect(delay).toBeLessThanOrEqual(1_200);
    executor.behave(answer(502));
    await world.clock.advance(delay - 1);
    expect(world.run(id).status).toBe("queued");
    await world.clock.advance(1);
    const second = await world.untilAttemptFailed(id);
    expect(second).toMatchObject({ attempt: 3, priority: 2, error: "endpoint returned 502" });
    expect(executor.asked[1]?.headers).toMatchObject({ "x-attempt": "2", "x-previous-error": "endpoint returned 500" });
    await world.clock.advance(2_400);
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({ error: "endpoint returned 502", attempt: 3 });
  });

  test.for([
    [{ retry_strategy: "linear" }, [1_000, 2_000, 3_000]],
    [{ retry_strategy: "fixed" }, [1_000, 1_000, 1_000]],
    [{ retry_strategy: "custom", retry_delays_secs: [5, 60] }, [5_000, 60_000, 60_000]],
    [{ retry_delays_secs: [7] }, [7_000, 7_000, 7_000]],
  ] as const)("honour %j", async ([strategy, delays]) => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(429));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 4, ...strategy }));
    for (const [index, delay] of delays.entries()) {
      await executor.untilAsked(index + 1);
      const run = await world.untilAttemptFailed(id);
      expect((run.next_retry_at ?? 0) - world.clock.now()).toBe(delay);
      await world.clock.advance(delay);
    }
    await world.untilRunIs(id, "dead_letter");
  });

  test("a token of an attempt before is stale", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, retry_strategy: "fixed" }));
    await world.untilAttemptFailed(id);
    const said = await world.speak(id, String(executor.asked[0]?.headers["x-run-token"]), "heartbeat");
    expect(said).toMatchObject({ status: 401, json: { error: { message: "run token attempt is stale" } } });
  });

  test("end early when the same error comes again and again", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const job = { endpoint_url: executor.url, max_attempts: 10, retry_strategy: "fixed", poison_pill_threshold: 2 };
    const id = await world.trigger(await world.job(job));
    await world.untilAttemptFailed(id);
    await world.clock.advance(1_000);
    expect(await world.untilRunIs(id, "dead_letter")).toMatchObject({
      attempt: 2,
      error: "poison pill detected (same error 2 times): endpoint returned 500",
    });
  });
});

test("runs that cannot be dispatched, as on a full disk, are dispatched a little later", async () => {
  const world = createDispatchWorld();
  const executor = await startExecutor();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const reported = new Promise((resolve) => world.server.events.on("server:error", resolve));
  vi.spyOn(world.server.runs.runs, "transition").mockImplementationOnce(() => {
    throw new Error("disk full");
  });
  const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
  await reported;
  expect(world.run(id).status).toBe("queued");
  await world.clock.advance(5_000);
  expect(await world.untilRunIs(id, "completed")).toMatchObject({ attempt: 1 });
});

describe("the circuit breaker of an endpoint", () => {
  test("opens after five failures, holds runs back for a minute without using an attempt, and lets one try first", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 1 });
    for (let count = 0; count < 5; count += 1) await world.untilRunIs(await world.trigger(jobId), "dead_letter");
    executor.behave(answer(200));
    const [one, other] = [await world.trigger(jobId), await world.trigger(jobId)];
    await world.clock.advance(59_000);
    expect(world.run(one)).toMatchObject({
      status: "queued",
      attempt: 1,
      snooze_count: 1,
      error: `circuit breaker is open for ${executor.url}`,
    });
    expect(executor.asked).toHaveLength(5);
    await world.clock.advance(1_000);
    expect(await world.untilRunIs(one, "completed")).toMatchObject({ error: null });
    expect(world.run(other)).toMatchObject({ status: "queued", snooze_count: 2 });
    await world.clock.advance(60_000);
    await world.untilRunIs(other, "completed");
  });

  test("is each project's own", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 1 });
    for (let count = 0; count < 5; count += 1) await world.untilRunIs(await world.trigger(jobId), "dead_letter");
    executor.behave(answer(200));
    const elsewhere = await world.job({ endpoint_url: executor.url, project_id: "elsewhere" });
    await world.untilRunIs(await world.trigger(elsewhere), "completed");
    const heldBack = await world.trigger(jobId);
    await expect.poll(() => world.run(heldBack).snooze_count).toBe(1);
  });

  test("does not open for what is wrong with the runs", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(422));
    const jobId = await world.job({ endpoint_url: executor.url });
    for (let count = 0; count < 6; count += 1) await world.untilRunIs(await world.trigger(jobId), "dead_letter");
    expect(executor.asked).toHaveLength(6);
  });

  test("ends a run that was put off fifty times", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 1 });
    for (let count = 0; count < 5; count += 1) await world.untilRunIs(await world.trigger(jobId), "dead_letter");
    const patient = { job_id: jobId, project_id: "default", triggered_by: "manual", snooze_count: 50 };
    const { id } = world.server.runs.runs.create(patient);
    expect(await world.untilRunIs(id, "system_failed")).toMatchObject({
      error: `snoozed too often: circuit breaker is open for ${executor.url}`,
      attempt: 1,
    });
  });
});
