import { describe, expect, test } from "vitest";
import { answer, hang, startExecutor } from "../dispatch/executor.ts";
import { createDispatchWorld, type DispatchWorld } from "../dispatch/world.ts";

/** The attempts that `GET /__local/run-parts` shows. */
async function attemptsOf(world: DispatchWorld, id: string): Promise<unknown[]> {
  const { status, json } = await world.call("GET", `/__local/run-parts?run=${id}`);
  expect(status).toBe(200);
  return json.attempts as unknown[];
}

describe("the attempts of a run before its last one", () => {
  test("are kept with their times, their outcome and their error", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(500));
    const job = { endpoint_url: executor.url, max_attempts: 3, retry_strategy: "fixed" };
    const id = await world.trigger(await world.job(job));
    expect(await attemptsOf(world, id)).toEqual([]);
    for (const attempt of [1, 2]) {
      await executor.untilAsked(attempt);
      await world.untilRunIs(id, "queued");
      await world.clock.advance(2_000);
    }
    await world.untilRunIs(id, "dead_letter");
    const failure = { status: "failed", error: "endpoint returned 500", error_class: "server" };
    const [first, retried] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"];
    expect(await attemptsOf(world, id)).toEqual([
      { attempt: 1, started_at: first, finished_at: first, ...failure },
      { attempt: 2, started_at: retried, finished_at: expect.any(String), ...failure },
    ]);
  });

  test("are timed out when they took too long", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, timeout_secs: 20, max_attempts: 2 }));
    await executor.untilAsked(1);
    await world.clock.advance(20_000);
    expect(await attemptsOf(world, id)).toEqual([
      {
        attempt: 1,
        status: "timed_out",
        started_at: "2026-01-01T00:00:00Z",
        finished_at: "2026-01-01T00:00:20Z",
        error: "execution timed out",
        error_class: "transient",
      },
    ]);
  });

  test("are crashed when their executor was lost", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const id = await world.trigger(await world.job({ endpoint_url: executor.url, max_attempts: 2 }));
    await executor.untilAsked(1);
    world.server.runs.attempts.lose(id);
    expect(world.run(id)).toMatchObject({ status: "queued", attempt: 2 });
    expect(await attemptsOf(world, id)).toMatchObject([{ attempt: 1, status: "crashed", error: "heartbeat lost" }]);
  });

  test("include the one that a replay from the dead letter queue follows", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(400));
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    await world.untilRunIs(id, "dead_letter");
    await world.clock.advance(5_000);
    expect((await world.call("POST", `/v1/runs/${id}/dlq-replay`)).status).toBe(200);
    expect(await attemptsOf(world, id)).toEqual([
      {
        attempt: 1,
        status: "dead_letter",
        started_at: "2026-01-01T00:00:00Z",
        finished_at: "2026-01-01T00:00:00Z",
        error: "endpoint returned 400",
        error_class: "client",
      },
    ]);
  });

  test("are deleted with their run", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 2 });
    const id = await world.trigger(jobId);
    await executor.untilAsked(1);
    world.server.runs.attempts.lose(id);
    await world.call("DELETE", `/v1/runs/${id}`);
    expect((await world.call("DELETE", `/v1/jobs/${jobId}`)).status).toBe(204);
    expect(await attemptsOf(world, id)).toEqual([]);
  });
});
