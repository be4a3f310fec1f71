import { describe, expect, test, vi } from "vitest";
import { type ReaperWorld, RUNNERS, startReaperWorld } from "./reaper-world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("runners", () => {
  test("a runner that has been dead for a day is removed at the next pass, with its work", async () => {
    const { call, clock, seen, runner, submitJob, next } = await startReaperWorld();
    const waiting = await submitJob();
    await submitJob();
    await next();
    await clock.advance(15_000 + DAY - 1);
    expect((await call("GET", `${RUNNERS}/${runner}`)).json).toMatchObject({ status: "disconnected" });
    seen.length = 0;
    await clock.advance(MINUTE);
    expect((await call("GET", `${RUNNERS}/${runner}`)).status).toBe(404);
    expect((await call("GET", `${RUNNERS}/jobs/${waiting}`)).status).toBe(404);
    expect(seen).toContainEqual({
      name: "runner:removed",
      payload: expect.objectContaining({ id: runner, reason: "purged" }) as unknown,
    });
    expect(seen).toContainEqual({
      name: "job:status:changed",
      payload: expect.objectContaining({
        ...{ from: "pending", reason: "runner-gone" },
        job: expect.objectContaining({ error: "Runner disconnected" }) as unknown,
      }) as unknown,
    });
  });

  test("a runner is dead since its last heartbeat, however long ago it was dead before", async () => {
    const { call, clock, runner } = await startReaperWorld();
    await clock.advance(DAY - HOUR);
    await call("POST", `${RUNNERS}/${runner}/heartbeats`);
    await clock.advance(DAY);
    expect((await call("GET", `${RUNNERS}/${runner}`)).json).toMatchObject({ status: "disconnected" });
    await clock.advance(2 * MINUTE);
    expect((await call("GET", `${RUNNERS}/${runner}`)).status).toBe(404);
  });
});

describe("jobs", () => {
  test("a job that runs for too long fails at the pass that follows, not before", async () => {
    const { clock, job, submitJob, next } = await startReaperWorld({ agentTimeoutSeconds: 90 });
    const id = await submitJob();
    await next();
    await clock.advance(2 * MINUTE - 1);
    expect(await job(id)).toMatchObject({ status: "running" });
    await clock.advance(1);
    expect(await job(id)).toMatchObject({
      status: "failed",
      error: "Job timed out after 90s",
      completed_at: "2026-01-01T00:02:00.000Z",
    });
  });

  test("a job that waits never times out", async () => {
    const { clock, job, submitJob } = await startReaperWorld({ agentTimeoutSeconds: 1 });
    const id = await submitJob();
    await clock.advance(HOUR);
    expect(await job(id)).toMatchObject({ status: "pending" });
  });

  test("a job that has ended is kept for its time with its logs, and then gone with them", async () => {
    const { call, server, clock, job, submitJob, runner } = await startReaperWorld({
      config: { completedJobTtlMs: HOUR },
    });
    const [id, waiting] = [await submitJob(), await submitJob()];
    await call("POST", `${RUNNERS}/jobs/${id}/logs`, { body: [{ stream: "stdout", text: "hello" }] });
    await call("POST", `${RUNNERS}/jobs/${id}/results`, { body: { status: "completed", result: 1 } });
    await clock.advance(HOUR);
    expect(await job(id)).toMatchObject({ status: "completed" });
    await clock.advance(MINUTE);
    expect((await call("GET", `${RUNNERS}/jobs/${id}`)).status).toBe(404);
    expect(server.opik.jobs.logsOf(id)).toEqual([]);
    expect((await call("GET", `${RUNNERS}/${runner}/jobs`)).json).toMatchObject({
      total: 1,
      content: [{ id: waiting }],
    });
  });

  test("a cancellation is kept for ten minutes, and longer while no client has received it", async () => {
    const { call, clock, runner, submitJob, next } = await startReaperWorld({ agentTimeoutSeconds: 3600 });
    const [received, unreceived] = [await submitJob(), await submitJob()];
    await next();
    await next();
    const beat = async (capability: string): Promise<unknown> =>
      (await call("POST", `${RUNNERS}/${runner}/heartbeats`, { body: { capabilities: [capability] } })).json;
    await call("POST", `${RUNNERS}/jobs/${received}/cancel`);
    expect(await beat("first")).toEqual({ cancelled_job_ids: [received] });
    await clock.advance(10 * MINUTE);
    expect(await beat("second")).toEqual({ cancelled_job_ids: [received] });
    await call("POST", `${RUNNERS}/jobs/${unreceived}/cancel`);
    await clock.advance(20 * MINUTE);
    expect(await beat("third")).toEqual({ cancelled_job_ids: [unreceived] });
  });
});

test("a bridge command that has ended is kept for its time, and then gone", async () => {
  const { call, server, clock, runner } = await startReaperWorld({ config: { bridgeCompletedCommandTtlMs: HOUR } });
  await call("POST", `${RUNNERS}/${runner}/heartbeats`, { body: { capabilities: ["bridge"] } });
  const commands = `${RUNNERS}/${runner}/bridge/commands`;
  const { json } = await call("POST", commands, { body: { type: "Exec", args: {} } });
  const { command_id } = json as { command_id: string };
  await call("POST", `${commands}/${command_id}/results`, { body: { status: "completed", result: 1 } });
  await clock.advance(HOUR - 1);
  expect((await call("GET", `${commands}/${command_id}`)).status).toBe(200);
  await clock.advance(1);
  expect((await call("GET", `${commands}/${command_id}`)).status).toBe(404);
  expect(server.opik.bridge.all()).toEqual([]);
});

test("a pairing session that is never activated is deleted", async () => {
  const { call, server, clock, projectId } = await startReaperWorld();
  const sessions = server.database.prepare<[], number>("SELECT count(*) FROM pairing_sessions").pluck();
  // The one of the runner that is there already ends by itself.
  await clock.advance(10 * MINUTE);
  expect(sessions.get()).toBe(0);
  const body = { project_id: projectId, activation_key: "A".repeat(43), type: "connect", ttl_seconds: 90 };
  expect((await call("POST", "/v1/private/pairing/sessions", { body })).status).toBe(201);
  await clock.advance(MINUTE);
  expect(sessions.get()).toBe(1);
  await clock.advance(MINUTE);
  expect(sessions.get()).toBe(0);
});

describe("traces and spans", () => {
  const write = async (world: ReaperWorld, name: string): Promise<{ trace: string; span: string }> => {
    const [trace, span] = [world.server.ids.uuid(), world.server.ids.uuid()];
    // Its author's clock is years behind: what counts is ours.
    const times = { start_time: "2020-01-01T00:00:00Z", last_updated_at: "2020-01-01T00:00:00Z" };
    await world.call("POST", "/v1/private/traces", { body: { id: trace, name, ...times } });
    await world.call("POST", "/v1/private/spans", { body: { id: span, trace_id: trace, name, ...times } });
    return { trace, span };
  };
  const statuses = async (world: ReaperWorld, { trace, span }: { trace: string; span: string }): Promise<number[]> => [
    (await world.call("GET", `/v1/private/traces/${trace}`)).status,
    (await world.call("GET", `/v1/private/spans/${span}`)).status,
  ];

  test("they are kept for thirty days after they first came, and then gone", async () => {
    const world = await startReaperWorld({ config: { reaperIntervalMs: HOUR, runReaperIntervalMs: HOUR } });
    const old = await write(world, "old");
    await world.clock.advance(30 * DAY - HOUR);
    const young = await write(world, "young");
    expect(await statuses(world, old)).toEqual([200, 200]);
    await world.clock.advance(HOUR);
    expect(await statuses(world, old)).toEqual([404, 404]);
    expect(await statuses(world, young)).toEqual([200, 200]);
  });

  test("how long they are kept can be set", async () => {
    const world = await startReaperWorld({ config: { traceTtlMs: 5 * MINUTE } });
    const ids = await write(world, "short-lived");
    await world.clock.advance(5 * MINUTE - 1);
    expect(await statuses(world, ids)).toEqual([200, 200]);
    await world.clock.advance(1);
    expect(await statuses(world, ids)).toEqual([404, 404]);
  });
});

test("a step that fails is reported and stops neither the other steps nor the next run", async () => {
  const { call, server, clock, seen, job, submitJob, next } = await startReaperWorld({
    agentTimeoutSeconds: 1,
    config: { completedJobTtlMs: 1_000 },
  });
  const [ended, running] = [await submitJob(), await submitJob()];
  await call("POST", `${RUNNERS}/jobs/${ended}/results`, { body: { status: "completed", result: 1 } });
  await next();
  const failure = new Error("no");
  vi.spyOn(server.opik.jobs, "failOverdue").mockImplementationOnce(() => {
    throw failure;
  });
  await clock.advance(MINUTE);
  expect(seen).toContainEqual({
    name: "server:error",
    payload: expect.objectContaining({ error: failure }) as unknown,
  });
  expect((await call("GET", `${RUNNERS}/jobs/${ended}`)).status).toBe(404);
  expect(await job(running)).toMatchObject({ status: "running" });
  await clock.advance(MINUTE);
  expect(await job(running)).toMatchObject({ status: "failed" });
});

test("a server that has stopped looks at nothing any more", async () => {
  const { server, clock } = await startReaperWorld();
  const failOverdue = vi.spyOn(server.opik.jobs, "failOverdue");
  await clock.advance(MINUTE);
  expect(failOverdue).toHaveBeenCalledTimes(1);
  await server.stop();
  await clock.advance(HOUR);
  expect(failOverdue).toHaveBeenCalledTimes(1);
});
