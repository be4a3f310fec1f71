import { describe, expect, test, vi } from "vitest";
import { answer, hang, startExecutor } from "./executor.ts";
import { createDispatchWorld, type DispatchWorld } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** The times, in UTC, at which runs of the job were made. */
function firings(world: DispatchWorld): string[] {
  const times: string[] = [];
  world.server.events.on("run:created", ({ run }) => void times.push(run.created_at.slice(5, 16)));
  return times;
}

describe("a delayed run", () => {
  test("starts when its time has come, not before", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const scheduled_at = new Date(world.clock.now() + HOUR).toISOString();
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }), { scheduled_at });
    await world.clock.advance(HOUR - 1);
    expect(world.run(id).status).toBe("delayed");
    await world.clock.advance(1);
    await world.untilRunIs(id, "completed");
  });

  test("that is given another time starts then", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const at = (ms: number): string => new Date(world.clock.now() + ms).toISOString();
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }), { scheduled_at: at(HOUR) });
    const sooner = await world.call("POST", `/v1/runs/${id}/reschedule`, { scheduled_at: at(MINUTE) });
    expect(sooner.status).toBe(200);
    await world.clock.advance(MINUTE);
    await world.untilRunIs(id, "completed");
  });
});

describe("a run that is not started", () => {
  test("expires", async () => {
    const world = createDispatchWorld();
    const id = await world.trigger(await world.job({ execution_mode: "worker" }), { ttl_secs: 40 });
    await world.clock.advance(30_000);
    expect(world.run(id).status).toBe("queued");
    await world.clock.advance(30_000);
    expect(world.run(id)).toMatchObject({ status: "expired", error: "run expired" });
  });
});

describe("a pushed run", () => {
  test("is not lost while its push goes on, however long it takes", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const id = await world.trigger(await world.job({ endpoint_url: executor.url }));
    await executor.untilAsked(1);
    await world.clock.advance(4 * MINUTE);
    expect(world.run(id)).toMatchObject({ status: "executing", attempt: 1 });
  });

  test("is not lost when the computer's clock jumps while its push goes on", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const job = { endpoint_url: executor.url, timeout_secs: 3_600, max_attempts: 1 };
    const id = await world.trigger(await world.job(job));
    await executor.untilAsked(1);
    jump(world, 10 * MINUTE);
    await world.clock.advance(2 * MINUTE);
    expect(world.run(id)).toMatchObject({ status: "executing", attempt: 1 });
  });

  test("without heartbeats is tried again, and crashes in the end", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ max_attempts: 2 });
    // As a server leaves it that was killed in the middle.
    const { id } = world.server.runs.runs.create({
      job_id: jobId,
      project_id: "default",
      triggered_by: "manual",
      status: "executing",
      started_at: world.clock.now(),
      heartbeat_at: world.clock.now(),
    });
    await world.clock.advance(MINUTE);
    expect(world.run(id)).toMatchObject({
      status: "queued",
      attempt: 2,
      error: "heartbeat lost; retry scheduled",
      error_class: "transient",
      next_retry_at: world.clock.now() + 1_000,
    });
    const run = world.run(id);
    world.server.runs.runs.transition(run, "executing");
    await world.clock.advance(2 * MINUTE);
    expect(world.run(id)).toMatchObject({ status: "crashed", error: "heartbeat lost" });
  });
});

describe("a worker's run", () => {
  const assign = async (job: object = {}) => {
    const world = createDispatchWorld();
    const definition = { execution_mode: "worker", timeout_secs: 3_600, ...job };
    const id = await world.trigger(await world.job(definition));
    const { json } = await world.call("POST", "/__local/runs/next");
    return { world, id, report: (path: string, body?: unknown) => world.speak(id, json.run_token, path, body) };
  };

  test("whose worker has died is tried again after the stale threshold, and crashes in the end", async () => {
    const { world, id } = await assign({ max_attempts: 2 });
    await world.clock.advance(MINUTE - 1);
    expect(world.run(id).status).toBe("executing");
    await world.clock.advance(1);
    expect(world.run(id)).toMatchObject({ status: "queued", attempt: 2, error: "heartbeat lost; retry scheduled" });
    await world.clock.advance(1_000);
    await world.call("POST", "/__local/runs/next");
    await world.clock.advance(2 * MINUTE);
    expect(world.run(id)).toMatchObject({ status: "crashed", error: "heartbeat lost" });
  });

  test.for([["heartbeat"], ["log", { message: "at work" }]] as const)(
    "is spared as long as its worker reports: %s",
    async ([path, body]) => {
      const { world, id, report } = await assign();
      for (let count = 0; count < 6; count += 1) {
        await world.clock.advance(MINUTE / 2);
        expect((await report(path, body)).status).toBeLessThan(300);
      }
      expect(world.run(id)).toMatchObject({ status: "executing", attempt: 1 });
    },
  );

  test("is given the stale threshold again when the computer's clock has jumped", async () => {
    const { world, id, report } = await assign();
    jump(world, 10 * MINUTE);
    await world.clock.advance(MINUTE / 2);
    expect(world.run(id).status).toBe("executing");
    await report("heartbeat");
    await world.clock.advance(MINUTE / 2);
    expect(world.run(id)).toMatchObject({ status: "executing", attempt: 1 });
    await world.clock.advance(MINUTE);
    expect(world.run(id)).toMatchObject({ status: "queued", attempt: 2 });
  });

  test("that no worker has read is assigned again without costing an attempt", async () => {
    const world = createDispatchWorld();
    const id = await world.trigger(await world.job({ execution_mode: "worker", timeout_secs: 3_600 }));
    await world.server.runs.workers.next("default", new AbortController().signal);
    await world.clock.advance(MINUTE);
    expect(world.run(id)).toMatchObject({ status: "queued", attempt: 1, started_at: null, error: null });
  });
});

/** Sets the computer's clock forward; timers go on as before. */
function jump(world: DispatchWorld, ms: number): void {
  const now = world.clock.now.bind(world.clock);
  vi.spyOn(world.clock, "now").mockImplementation(() => now() + ms);
}

describe("a schedule", () => {
  test("fires in its time zone", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const times = firings(world);
    await world.job({ endpoint_url: executor.url, cron: "30 9 * * *", timezone: "Europe/Berlin" });
    await world.clock.advance(24 * HOUR);
    expect(times).toEqual(["01-01T08:30"]);
  });

  test("never fires in a time zone that does not exist, which is reported", async () => {
    const world = createDispatchWorld();
    const times = firings(world);
    const skipped: unknown[] = [];
    world.server.events.on("run:schedule:skipped", (notice) => skipped.push(notice));
    const job_id = await world.job({ slug: "lost", execution_mode: "worker", cron: "* * * * *", timezone: "Mars/X" });
    await world.clock.advance(24 * HOUR);
    expect(times).toEqual([]);
    expect(skipped).toEqual([{ job_id, slug: "lost", timezone: "Mars/X" }]);
  });

  test("is UTC when it names no zone; its runs say that they come from it", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor();
    const times = firings(world);
    const jobId = await world.job({ endpoint_url: executor.url, cron: "0 */12 * * *" });
    await world.clock.advance(24 * HOUR);
    expect(times).toEqual(["01-01T12:00", "01-02T00:00"]);
    const { json } = await world.call("GET", "/v1/runs?triggered_by=cron");
    expect(json.data).toHaveLength(2);
    expect(json.data[0]).toMatchObject({
      ...{ job_id: jobId, triggered_by: "cron", created_by: "system:cron" },
      idempotency_key: `cron:job:${jobId}:${Date.UTC(2026, 0, 2) / 1_000}`,
    });
    expect(executor.asked.map(({ body }) => body)).toEqual(["", ""]);
    for (const field of ["payload", "metadata", "expires_at"]) expect(json.data[0]).not.toHaveProperty(field);
  });

  test("rests while its job is paused, and ends with it", async () => {
    const world = createDispatchWorld();
    const times = firings(world);
    const jobId = await world.job({ cron: "0 * * * *", execution_mode: "worker" });
    await world.call("POST", `/v1/jobs/${jobId}/pause`, {});
    await world.clock.advance(2 * HOUR);
    expect(times).toEqual([]);
    await world.call("POST", `/v1/jobs/${jobId}/resume`, {});
    await world.clock.advance(HOUR);
    expect(times).toEqual(["01-01T03:00"]);
    await world.call("POST", "/v1/runs/bulk-cancel-all", { triggered_by: "cron" });
    expect((await world.call("DELETE", `/v1/jobs/${jobId}`)).status).toBe(204);
    await world.clock.advance(2 * HOUR);
    expect(times).toHaveLength(1);
  });

  test.for([
    ["allow", ["executing", "executing"]],
    ["skip", ["executing"]],
    ["cancel_running", ["canceled", "executing"]],
  ] as const)("with the overlap policy %s", async ([cron_overlap_policy, statuses]) => {
    const world = createDispatchWorld();
    const executor = await startExecutor(hang);
    const job = { endpoint_url: executor.url, cron: "* * * * *", cron_overlap_policy, timeout_secs: 3_600 };
    await world.job(job);
    await world.clock.advance(MINUTE);
    await executor.untilAsked(1);
    await world.clock.advance(MINUTE);
    await executor.untilAsked(statuses.filter((status) => status === "executing").length);
    const { json } = await world.call("GET", "/v1/runs");
    expect(json.data.map(({ status }: { status: string }) => status).toReversed()).toEqual(statuses);
  });

  test("that cannot be read is refused", async () => {
    const world = createDispatchWorld();
    const definition = { name: "n", slug: "s", endpoint_url: "http://127.0.0.1:9" };
    const refused = await world.call("POST", "/v1/jobs", { ...definition, cron: "61 * * * *" });
    expect(refused).toMatchObject({ status: 400, json: { error: { message: "invalid cron expression" } } });
    const window = await world.call("POST", "/v1/jobs", { ...definition, execution_window_cron: "a b c d e" });
    expect(window).toMatchObject({
      status: 400,
      json: { error: { message: "invalid execution_window_cron expression" } },
    });
  });
});

describe("deferred triggers", () => {
  test("fire later when they cannot now, and one of them keeps no other from it", async () => {
    const world = createDispatchWorld();
    const { runs } = world.server.runs;
    const [bad, good] = [await world.job({ debounce_window_secs: 10 }), await world.job({ debounce_window_secs: 10 })];
    for (const id of [bad, good]) await world.call("POST", `/v1/jobs/${id}/trigger`, {});
    const create = runs.create.bind(runs);
    let isBroken = true;
    vi.spyOn(runs, "create").mockImplementation((given) => {
      if (isBroken && given.job_id === bad) throw new Error("disk full");
      return create(given);
    });
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await world.clock.advance(10_000);
    expect([bad, good].map((id) => runs.countCreatedSince(id, 0))).toEqual([0, 1]);
    isBroken = false;
    await world.clock.advance(5_000);
    expect([bad, good].map((id) => runs.countCreatedSince(id, 0))).toEqual([1, 1]);
  });

  test("fire when their window is over: of a debounced key the last one, a batch as one run", async () => {
    const world = createDispatchWorld();
    const executor = await startExecutor(answer(200));
    const debounced = await world.job({ endpoint_url: executor.url, debounce_window_secs: 10 });
    const batched = await world.job({ endpoint_url: executor.url, batch_window_secs: 15 });
    const hold = (jobId: string, payload: unknown) =>
      world.call("POST", `/v1/jobs/${jobId}/trigger`, { payload, debounce_key: "k", batch_key: "k" });
    await hold(debounced, 1);
    await hold(batched, "a");
    await world.clock.advance(6_000);
    await hold(debounced, 2);
    await hold(batched, "b");
    await world.clock.advance(4_000);
    expect(executor.asked).toEqual([]);
    await world.clock.advance(5_000);
    await executor.untilAsked(1);
    expect(executor.asked.map(({ body }) => body)).toEqual(['{"items":["a","b"]}']);
    await world.clock.advance(1_000);
    await executor.untilAsked(2);
    expect(executor.asked[1]?.body).toBe("2");
  });

  test("make a run of the job as it is when they fire, with all of its time to start", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ debounce_window_secs: 600, timeout_secs: 10 });
    await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
    await world.call("PATCH", `/v1/jobs/${jobId}`, { execution_mode: "worker", queue_name: "new" });
    await world.clock.advance(600_000);
    const { json } = await world.call("GET", "/v1/runs");
    expect(json.data).toMatchObject([
      {
        status: "queued",
        job_version: 2,
        execution_mode: "worker",
        expires_at: "2026-01-01T00:11:10Z",
      },
    ]);
    expect(world.run(json.data[0].id).queue_name).toBe("new");
  });

  test.for([["PATCH", "", { enabled: false }] as const, ["POST", "/pause", {}] as const])(
    "make none of a debounced key when the job cannot be triggered any more: %s %s",
    async ([method, path, body]) => {
      const world = createDispatchWorld();
      const jobId = await world.job({ execution_mode: "worker", debounce_window_secs: 10 });
      await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
      await world.call(method, `/v1/jobs/${jobId}${path}`, body);
      await world.clock.advance(10_000);
      expect((await world.call("GET", "/v1/runs")).json.data).toEqual([]);
      expect(world.server.runs.deferredTriggers.nextDue()).toBeUndefined();
    },
  );
});
