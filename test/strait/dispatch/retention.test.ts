import { expect, onTestFinished, test, vi } from "vitest";
import { startRun } from "../executor.ts";
import { createStraitWorld, type StraitWorld } from "../world.ts";
import { answer, startExecutor } from "./executor.ts";
import { createDispatchWorld } from "./world.ts";

const DAY = 24 * 3_600_000;

function shortLivedWorld(): StraitWorld {
  const world = createStraitWorld({ runTtlMs: 2 * DAY, runReaperIntervalMs: DAY / 4 });
  onTestFinished(() => world.server.stop());
  return world;
}

function count({ server }: Pick<StraitWorld, "server">, table: string): number {
  return server.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}

test("a run is deleted with all that belongs to it when it has been over for long enough", async () => {
  const world = shortLivedWorld();
  const executor = await startRun(world, { timeout_secs: 86_400 });
  await executor.sdk("POST", "/log", { message: "hello" });
  await executor.sdk("POST", "/checkpoint", { state: { n: 1 } });
  await executor.sdk("POST", "/wait-for-event", { event_key: "go" });
  await world.call("POST", "/v1/events/go/send", { payload: 1 });
  await executor.sdk("POST", "/complete", {});
  const tables = ["executor_runs", "executor_run_events", "executor_checkpoints", "executor_event_triggers"];
  for (const table of tables) expect([table, count(world, table)]).not.toEqual([table, 0]);
  await world.clock.advance(2 * DAY - 1);
  for (const table of tables) expect([table, count(world, table)]).not.toEqual([table, 0]);
  await world.clock.advance(DAY);
  for (const table of tables) expect([table, count(world, table)]).toEqual([table, 0]);
});

test("a run that has not ended is kept, however old it is, and so is a wait", async () => {
  const world = shortLivedWorld();
  const executor = await startRun(world, { timeout_secs: 86_400 });
  await executor.sdk("POST", "/wait-for-event", { event_key: "go", timeout_secs: 10 * 86_400 });
  await world.clock.advance(5 * DAY);
  expect([count(world, "executor_runs"), count(world, "executor_event_triggers")]).toEqual([1, 1]);
});

test("what the runs of a job share is deleted when it expires, and with the job", async () => {
  const world = createStraitWorld({ runReaperIntervalMs: 30_000 });
  onTestFinished(() => world.server.stop());
  const executor = await startRun(world);
  await executor.sdk("POST", "/memory/short", { value: 1, ttl_secs: 10 });
  await executor.sdk("POST", "/memory/long", { value: 1, ttl_secs: 100 });
  await executor.sdk("POST", "/memory/kept", { value: 1 });
  await world.clock.advance(29_999);
  expect(count(world, "executor_memory")).toBe(3);
  await world.clock.advance(1);
  expect(count(world, "executor_memory")).toBe(2);
  await executor.sdk("POST", "/complete", {});
  expect((await world.call("DELETE", `/v1/jobs/${executor.jobId}`)).status).toBe(204);
  expect(count(world, "executor_memory")).toBe(0);
});

test("what is known of an endpoint is forgotten a day after its last call", async () => {
  const world = createDispatchWorld({ runReaperIntervalMs: 60_000 });
  const executor = await startExecutor(answer(500));
  const jobId = await world.job({ endpoint_url: executor.url, max_attempts: 1 });
  const fail = async (): Promise<void> => {
    await world.untilRunIs(await world.trigger(jobId), "dead_letter");
  };
  await fail();
  await world.clock.advance(23 * 3_600_000);
  await fail();
  await world.clock.advance(23 * 3_600_000);
  expect(count(world, "executor_circuits")).toBe(1);
  await world.clock.advance(3_600_000);
  expect(count(world, "executor_circuits")).toBe(0);
});

test("a step of the reaper that fails keeps no other from being taken", async () => {
  const world = createStraitWorld();
  onTestFinished(() => world.server.stop());
  const { runs, idempotency } = world.server.runs;
  const jobId = await world.job({ execution_mode: "worker" });
  const ids: string[] = [];
  for (let made = 0; made < 2; made += 1) {
    ids.push((await world.call("POST", `/v1/jobs/${jobId}/trigger`, { ttl_secs: 10 })).json.id);
  }
  const transition = runs.transition.bind(runs);
  vi.spyOn(runs, "transition").mockImplementation((run, to, change) => {
    if (run.id === ids[0]) throw new Error("a bad row");
    return transition(run, to, change);
  });
  const deleteExpired = vi.spyOn(idempotency, "deleteExpired");
  const errors: unknown[] = [];
  world.server.events.on("server:error", ({ error }) => void errors.push(error));
  await world.clock.advance(30_000);
  expect(ids.map((id) => runs.find(id)?.status)).toEqual(["queued", "expired"]);
  expect(deleteExpired).toHaveBeenCalled();
  expect(errors.map(String)).toEqual(["Error: a bad row"]);
});
