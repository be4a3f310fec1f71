import { describe, expect, test, vi } from "vitest";
import { load } from "../../fixtures/support.ts";
import { untilPollsHeld } from "../../support/leaks.ts";
import { expectStatus } from "../../support/pairing.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { createDispatchWorld, type DispatchWorld } from "./world.ts";

interface AssignedRun {
  run: { id: string; status: string };
  run_token: string;
  assignment_id: string;
  timeout_secs: number;
  job_slug: string;
}

const poll = (world: DispatchWorld, queue = "default") => world.call("POST", `/__local/runs/next?queue=${queue}`);

async function withWorkerJob(): Promise<{ server: TestServer; trigger: () => Promise<string> }> {
  const server = await startTestServer();
  const definition = { name: "w", slug: "w", execution_mode: "worker" };
  const job = expectStatus(await server.call("POST", "/v1/jobs", { body: definition }), 201).json as { id: string };
  const trigger = async (): Promise<string> =>
    (expectStatus(await server.call("POST", `/v1/jobs/${job.id}/trigger`, { body: {} }), 201).json as { id: string })
      .id;
  return { server, trigger };
}

describe("a worker that asks for the next run", () => {
  test("gets the most urgent of its queue, executing, with a token that is good", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ execution_mode: "worker", queue_name: "gpu", timeout_secs: 77 });
    await world.trigger(jobId, { priority: 1 });
    const urgent = await world.trigger(jobId, { priority: 5, payload: { n: 1 } });
    await world.trigger(await world.job({ execution_mode: "worker" }), { priority: 9 });
    const { status, json } = await poll(world, "gpu");
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { run: { id: urgent, status: "executing", payload: { n: 1 }, attempt: 1 }, timeout_secs: 77 },
    });
    expect((await world.speak(urgent, json.run_token, "complete", { result: 1 })).status).toBe(200);
    expect(world.run(urgent)).toMatchObject({ status: "completed", result_json: "1" });
  });

  test("waits until there is one, or until the poll has lasted long enough", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ execution_mode: "worker" });
    const waiting = poll(world);
    await expect.poll(() => world.server.openPolls.count).toBe(1);
    const id = await world.trigger(jobId);
    expect((await waiting).json).toMatchObject({ run: { id } });
    const inVain = poll(world);
    await expect.poll(() => world.server.openPolls.count).toBe(1);
    await world.clock.advance(10_000);
    expect(await inVain).toMatchObject({ status: 200, text: "null" });
  });

  test("is refused when too many do", async () => {
    const world = createDispatchWorld({ maxOpenPolls: 1 });
    const first = poll(world);
    await expect.poll(() => world.server.openPolls.count).toBe(1);
    expect(await poll(world)).toMatchObject({ status: 429, json: { error: { message: expect.any(String) } } });
    await world.clock.advance(10_000);
    await first;
  });

  test("gets no more of a job than may execute at once", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ execution_mode: "worker", max_concurrency: 1 });
    await world.trigger(jobId);
    const second = await world.trigger(jobId);
    const { json: first } = await poll(world);
    const waiting = poll(world);
    await expect.poll(() => world.server.openPolls.count).toBe(1);
    await world.speak(first.run.id, first.run_token, "complete");
    expect((await waiting).json.run.id).toBe(second);
  });

  test("and then sends nothing loses the run when its time is over, to the next worker that polls", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ execution_mode: "worker", timeout_secs: 60, retry_strategy: "fixed" });
    const id = await world.trigger(jobId);
    const { json: first } = await poll(world);
    const waiting = poll(world);
    await untilPollsHeld(world.server, 1);
    await world.clock.advance(5_000);
    expect(world.run(id).status).toBe("executing");
    await world.clock.advance(5_000);
    await waiting;
    await world.clock.advance(50_000);
    expect(world.run(id)).toMatchObject({ status: "queued", attempt: 2, error: "execution timed out" });
    await world.clock.advance(1_000);
    const { json: second } = await poll(world);
    expect(second.run).toMatchObject({ id, attempt: 2 });
    expect((await world.speak(id, first.run_token, "heartbeat")).status).toBe(401);
    expect((await world.speak(id, second.run_token, "heartbeat")).status).toBe(200);
  });
});

describe("a hand-out", () => {
  test("whose token cannot be made goes to the next worker that polls", async () => {
    const world = createDispatchWorld();
    const id = await world.trigger(await world.job({ execution_mode: "worker" }));
    vi.spyOn(world.server.runs.tokens, "mint").mockImplementationOnce(() => {
      throw new Error("no more tokens");
    });
    const { signal } = new AbortController();
    await expect(world.server.runs.workers.next("default", signal)).rejects.toThrow("no more tokens");
    expect(world.run(id)).toMatchObject({ status: "queued", started_at: null });
    expect((await poll(world)).json.run.id).toBe(id);
  });

  test("is forgotten when its run ends, also when its worker never spoke", async () => {
    const world = createDispatchWorld();
    const definition = "{ version_policy: latest, timeout_secs: 60, max_attempts: 2 }";
    load(world.server, `executor_jobs: [{ slug: a, respond: [{ after: never }], definition: ${definition} }]`);
    const jobId = world.server.runs.jobs.findBySlug("default", "a")?.id ?? "";
    await world.call("PATCH", `/v1/jobs/${jobId}`, { execution_mode: "worker" });
    const { workers } = world.server.runs;
    const { signal } = new AbortController();
    const canceled = await world.trigger(jobId);
    await workers.next("default", signal);
    await world.call("DELETE", `/v1/runs/${canceled}`);
    expect([workers.takeBackUnacknowledged(canceled), world.run(canceled).status]).toEqual([false, "canceled"]);
    const timedOut = await world.trigger(jobId);
    await workers.next("default", signal);
    await world.clock.advance(60_000);
    expect(world.run(timedOut)).toMatchObject({ status: "queued", attempt: 2 });
    // The script executes it now, and no worker's assignment can be taken back.
    await world.call("PATCH", `/v1/jobs/${jobId}`, { execution_mode: "http" });
    await world.clock.advance(10_000);
    expect(world.run(timedOut)).toMatchObject({ status: "executing", attempt: 2 });
    expect([workers.takeBackUnacknowledged(timedOut), world.run(timedOut).status]).toEqual([false, "executing"]);
  });
});

describe("a token from the trigger's answer", () => {
  test("starts its run with the first call that needs an executing one", async () => {
    const world = createDispatchWorld();
    const jobId = await world.job({ execution_mode: "worker", timeout_secs: 30, max_attempts: 1 });
    const { json } = await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
    expect(world.run(json.id).status).toBe("queued");
    expect((await world.speak(json.id, json.run_token, "log", { message: "here" })).status).toBe(201);
    expect(world.run(json.id)).toMatchObject({ status: "executing", started_at: world.clock.now() });
    await world.clock.advance(30_000);
    expect(world.run(json.id).status).toBe("timed_out");
  });
});

describe("a worker that leaves in the middle of its poll", () => {
  const next = (server: TestServer, signal?: AbortSignal) =>
    server.call.start("POST", "/__local/runs/next", signal === undefined ? {} : { signal });

  test("gets nothing: the run goes to the next one", async () => {
    const { server, trigger } = await withWorkerJob();
    const gone = new AbortController();
    const abandoned = next(server, gone.signal);
    abandoned.reply.catch(() => undefined);
    await server.untilPollsHeld(1);
    const other = next(server);
    await server.untilPollsHeld(2);
    gone.abort();
    await server.untilPollsHeld(1);
    const id = await trigger();
    expect((await other.reply).json).toMatchObject({ run: { id } });
  });

  test("at the moment of the answer returns the run, to the next worker that polls", async () => {
    const { server, trigger } = await withWorkerJob();
    const id = await trigger();
    const handedOut = await server.server.runs.workers.next("default", new AbortController().signal);
    expect(server.server.runs.runs.find(id)?.status).toBe("executing");
    // What the delivery watch calls when the answer was not read.
    server.server.runs.workers.takeBack(handedOut!);
    expect(server.server.runs.runs.find(id)).toMatchObject({ status: "queued", started_at: null, attempt: 1 });
    const again = (await next(server).reply).json as AssignedRun;
    expect(again.run.id).toBe(id);
    expect(again.assignment_id).not.toBe(handedOut!.assignment_id);
    const stale = await server.call("POST", `/sdk/v1/runs/${id}/heartbeat`, {
      headers: { authorization: `Bearer ${handedOut!.run_token}` },
    });
    expect(stale.status).toBe(401);
  });

  test("after it has spoken keeps the run", async () => {
    const { server, trigger } = await withWorkerJob();
    const id = await trigger();
    const handedOut = await server.server.runs.workers.next("default", new AbortController().signal);
    const headers = { authorization: `Bearer ${handedOut!.run_token}` };
    expectStatus(await server.call("GET", `/sdk/v1/runs/${id}/payload`, { headers }), 200);
    server.server.runs.workers.takeBack(handedOut!);
    expect(server.server.runs.runs.find(id)?.status).toBe("executing");
  });
});
