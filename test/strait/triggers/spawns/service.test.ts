import { describe, expect, test } from "vitest";
import { type Executor, executorOf, startRun } from "../../executor.ts";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

/** The executor of a child that its parent awaits. */
async function awaitChild(world: StraitWorld, parent: Executor, more: Record<string, unknown> = {}): Promise<Executor> {
  const body = { job_id: parent.jobId, await_completion: true, ...more };
  const spawned = await parent.sdk("POST", "/spawn", body);
  if (spawned.status !== 201) throw new Error(spawned.text);
  const child = world.server.runs.runs.find(spawned.json.id);
  if (child === undefined) throw new Error("the child is not there");
  const token = await world.server.runs.tokens.mint(child, 300);
  return executorOf(world, { runId: child.id, jobId: child.job_id, token });
}

describe("a run that awaits its children", () => {
  test("goes on when the child has completed, and finds its result as its newest checkpoint", async () => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const child = await awaitChild(world, parent);
    expect(await parent.run()).toMatchObject({ status: "waiting" });
    await child.sdk("POST", "/complete", { result: { answer: 42 } });
    expect(await parent.run()).toMatchObject({ status: "queued", attempt: 1 });
    const checkpoints = await world.call("GET", `/v1/runs/${parent.runId}/checkpoints`);
    expect(checkpoints.json.data).toMatchObject([
      { source: "event_trigger", state: { run_id: child.runId, status: "completed", result: { answer: 42 } } },
    ]);
    expect((await parent.sdk("POST", "/complete", {})).status).toBe(200);
  });

  test.for([
    ["failed", (child: Executor) => child.sdk("POST", "/fail", { error: "no" })],
    ["canceled", (child: Executor, world: StraitWorld) => world.call("DELETE", `/v1/runs/${child.runId}`)],
  ] as const)("goes on when the child has %s", async ([status, end]) => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const child = await awaitChild(world, parent);
    await end(child, world);
    expect(await child.run()).toMatchObject({ status });
    expect(await parent.run()).toMatchObject({ status: "queued" });
    const wait = await world.call("GET", `/v1/events/spawn-await:${child.runId}`);
    expect(wait.json).toMatchObject({ status: "received", response_payload: { status } });
  });

  test("goes on when a child has ended as a dead letter", async () => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const child = await awaitChild(world, parent);
    await child.sdk("POST", "/heartbeat");
    const { runs } = world.server.runs;
    const row = runs.find(child.runId);
    if (row === undefined) throw new Error("the child is not there");
    runs.transition(row, "dead_letter", { error: "endpoint returned 400" });
    expect(await parent.run()).toMatchObject({ status: "queued" });
  });

  test("waits for the last of several", async () => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const [first, second] = [await awaitChild(world, parent), await awaitChild(world, parent)];
    await second.sdk("POST", "/complete", {});
    expect(await parent.run()).toMatchObject({ status: "waiting" });
    await first.sdk("POST", "/complete", {});
    expect(await parent.run()).toMatchObject({ status: "queued" });
  });

  test("does not wait for longer than it said", async () => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const child = await awaitChild(world, parent, { await_timeout_secs: 30 });
    await child.sdk("POST", "/heartbeat");
    await world.clock.advance(30_000);
    expect(await parent.run()).toMatchObject({ status: "timed_out", error: "event trigger timed out" });
    expect((await child.sdk("POST", "/complete", {})).status).toBe(200);
    expect(await parent.run()).toMatchObject({ status: "timed_out" });
  });

  test("that has ended waits for nothing any more", async () => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const child = await awaitChild(world, parent);
    await parent.sdk("POST", "/complete", {});
    const wait = await world.call("GET", `/v1/events/spawn-await:${child.runId}`);
    expect(wait.json).toMatchObject({ status: "canceled", error: "run has ended" });
    await child.sdk("POST", "/complete", {});
    expect(await parent.run()).toMatchObject({ status: "completed" });
  });
});

describe("spawning into another project", () => {
  test("needs a key of that project that may trigger jobs", async () => {
    await using world = createStraitWorld();
    const parent = await startRun(world);
    const there = { "x-project-id": "there" };
    const job = { name: "far", slug: "far", execution_mode: "worker" };
    await world.call("POST", "/v1/jobs", job, there);
    const key = async (scopes: string[], project = there): Promise<{ id: string; key: string }> =>
      (await world.call("POST", "/v1/api-keys", { name: "k", scopes, expires_in_days: 1 }, project)).json;
    const spawn = async (target_api_key: string): Promise<[number, string]> => {
      const body = { job_slug: "far", project_id: "there", target_api_key };
      const { status, json } = await parent.sdk("POST", "/spawn", body);
      return [status, json.error?.message ?? json.project_id];
    };
    const good = await key(["jobs:trigger"]);
    expect(await spawn(good.key)).toEqual([201, "there"]);
    expect(await spawn((await key(["jobs:read"])).key)).toEqual([403, "target api key cannot trigger jobs"]);
    expect(await spawn((await key(["*"], { "x-project-id": "elsewhere" })).key)).toEqual([
      403,
      "target api key does not belong to the specified project",
    ]);
    await world.call("DELETE", `/v1/api-keys/${good.id}`, undefined, there);
    expect(await spawn(good.key)).toEqual([401, "target api key has been revoked"]);
  });
});
