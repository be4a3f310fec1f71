import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import type { Reply } from "../support/call.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const OWNER = { workspace: "default", user: "admin" };
const RUNNER = "0198c0de-0000-7000-8000-000000000001";
const TRACE = "0198c0de-0000-7000-8000-00000000000a";

interface World extends TestServer {
  jobId: string;
  /** Asks without a need to wait. */
  ask(query: string): Promise<Reply>;
  /** Asks, and returns when the request waits. */
  wait(query: string): Promise<{ reply: Promise<Reply> }>;
  report(status: "completed" | "failed", error?: string): void;
}

/** A server with a runner that runs a job. */
async function createWorld(config: Partial<Config> = {}): Promise<World> {
  const server = await startTestServer(config);
  const { opik, openPolls } = server.server;
  const project_id = opik.projects.getOrCreate(OWNER, "shop");
  opik.runners.activate(OWNER, { id: RUNNER, projectId: project_id, type: "endpoint", name: "laptop" });
  await server.call("PUT", `/v1/private/local-runners/${RUNNER}/agents`, { body: { echo: {} } });
  const made = await server.call("POST", "/v1/private/local-runners/jobs", {
    body: { agent_name: "echo", project_id },
  });
  const jobId = String(made.headers["location"]).split("/").at(-1) ?? "";
  return {
    ...server,
    jobId,
    ask: (query) => server.call("GET", `/__local/wait?${query}`),
    wait: async (query) => {
      const { reply } = server.call.start("GET", `/__local/wait?${query}`);
      await server.untilPollsHeld(openPolls.count + 1);
      return { reply };
    },
    report: (status, error) =>
      opik.jobs.report(OWNER, jobId, { status, result: undefined, error, trace_id: undefined }),
  };
}

describe("GET /__local/wait for a job", () => {
  test("answers when it has the status", async () => {
    const { wait, jobId, report } = await createWorld();
    const { reply } = await wait(`job=${jobId}&status=completed`);
    report("completed");
    expect(await reply).toMatchObject({ status: 200, json: { job: { id: jobId, status: "completed" } } });
  });

  test("answers at once when it has the status already, and to any end by default", async () => {
    const { ask, jobId, report } = await createWorld();
    expect(await ask(`job=${jobId}&status=pending`)).toMatchObject({
      status: 200,
      json: { job: { status: "pending" } },
    });
    report("failed", "no tea");
    expect(await ask(`job=${jobId}`)).toMatchObject({ status: 200, json: { job: { status: "failed" } } });
  });

  test("says that it never will have the status", async () => {
    const { wait, jobId, report } = await createWorld();
    const { reply } = await wait(`job=${jobId}&status=completed`);
    report("failed", "no tea");
    const message = `the job ${jobId} is failed (no tea), and never will be completed`;
    expect(await reply).toMatchObject({ status: 409, json: { error: { message } } });
  });

  test("gives up at once without a timeout, although the clock stands still", async () => {
    const { call } = await startTestServer();
    const reply = await call("GET", "/__local/wait?event=run:created&timeout=0s");
    expect(reply).toMatchObject({ status: 408, json: { error: { message: expect.stringContaining("Waited 0") } } });
  });

  test("gives up by the server's clock, and shows what did happen", async () => {
    const { wait, jobId, server, clock } = await createWorld();
    const { reply } = await wait(`job=${jobId}&status=completed&timeout=20s`);
    server.opik.projects.getOrCreate(OWNER, "bank");
    await server.opik.jobs.next(OWNER, RUNNER, new AbortController().signal);
    await clock.advance(20_000);
    expect(await reply).toMatchObject({
      status: 408,
      json: {
        error: {
          message: `Waited 20.0 s: the job ${jobId} is running`,
          details: [
            { name: "project:created", time: "2026-01-01T00:00:00.000Z" },
            { name: "job:status:changed", job: jobId, runner: RUNNER, status: "running" },
            { name: "runner:polling", runner: RUNNER },
            { name: "runner:disconnected", runner: RUNNER },
          ],
        },
      },
    });
  });
});

describe("GET /__local/wait", () => {
  test("for a run", async () => {
    const { call, wait } = await createWorld();
    const job = await call("POST", "/v1/jobs", { body: { name: "a", slug: "a", execution_mode: "worker" } });
    const { id: jobId } = job.json as { id: string };
    const run = await call("POST", `/v1/jobs/${jobId}/trigger`, { body: {} });
    const { id } = run.json as { id: string };
    const { reply } = await wait(`run=${id}&status=executing`);
    await call("POST", "/__local/runs/next");
    expect(await reply).toMatchObject({ status: 200, json: { run: { id, status: "executing" } } });
  });

  test("for a runner, by its name, also one that does not exist yet", async () => {
    const { wait, ask, server, clock } = await createWorld();
    expect(await ask("runner=laptop")).toMatchObject({ status: 200, json: { runner: { id: RUNNER } } });
    const disconnected = await wait("runner=laptop&status=disconnected");
    const editor = await wait("runner=editor");
    await clock.advance(15_000);
    expect(await disconnected.reply).toMatchObject({ status: 200, json: { runner: { status: "disconnected" } } });
    const id = "0198c0de-0000-7000-8000-000000000002";
    const projectId = server.opik.projects.getOrCreate(OWNER, "shop");
    server.opik.runners.activate(OWNER, { id, projectId, type: "connect", name: "editor" });
    expect(await editor.reply).toMatchObject({ status: 200, json: { runner: { id, status: "connected" } } });
  });

  test("for a trace with spans, and for traces of a project", async () => {
    const { wait, ask, call } = await createWorld();
    const times = { start_time: "2026-01-01T00:00:00Z", end_time: "2026-01-01T00:00:01Z" };
    const trace = await wait(`trace=${TRACE}&spans=2`);
    const traces = await wait("project=shop&traces=1");
    await call("POST", "/v1/private/traces", { body: { id: TRACE, project_name: "shop", name: "a", ...times } });
    expect(await traces.reply).toMatchObject({ status: 200, json: { traces: 1 } });
    expect(await ask(`trace=${TRACE}`)).toMatchObject({ status: 200, json: { trace: { id: TRACE }, spans: 0 } });
    for (const id of ["0198c0de-0000-7000-8000-00000000000b", "0198c0de-0000-7000-8000-00000000000c"]) {
      const span = { id, trace_id: TRACE, project_name: "shop", name: "b", type: "general", ...times };
      await call("POST", "/v1/private/spans", { body: span });
    }
    expect(await trace.reply).toMatchObject({ status: 200, json: { trace: { id: TRACE }, spans: 2 } });
  });

  test("for an event that matches the filters", async () => {
    const { wait, server, jobId, report } = await createWorld();
    const { reply } = await wait(`event=job:*&job=${jobId}`);
    server.opik.projects.getOrCreate(OWNER, "bank");
    report("completed");
    expect(await reply).toMatchObject({
      status: 200,
      json: { event: { name: "job:status:changed", workspace: "default", payload: { from: "pending" } } },
    });
  });

  test("ends at a reset and at a stop", async () => {
    const { wait, jobId, server } = await createWorld();
    const first = await wait(`job=${jobId}`);
    server.reset();
    expect(await first.reply).toMatchObject({
      status: 409,
      json: { error: { message: expect.stringContaining("reset") } },
    });
    const second = await wait("event=run:created");
    const stopped = server.stop();
    expect(await second.reply).toMatchObject({ status: 503 });
    await stopped;
  });

  test("counts as an open poll, and ends when its client goes", async () => {
    const { call, wait, untilPollsHeld } = await createWorld({ maxOpenPolls: 1 });
    const aborter = new AbortController();
    const { reply } = call.start("GET", "/__local/wait?event=run:created", { signal: aborter.signal });
    reply.catch(() => undefined);
    await untilPollsHeld(1);
    expect(await call("GET", "/__local/wait?event=run:created")).toMatchObject({ status: 429 });
    aborter.abort();
    await untilPollsHeld(0);
    const again = await wait("event=project:created");
    await call("POST", "/v1/private/projects", { body: { name: "bank" } });
    expect((await again.reply).status).toBe(200);
  });

  test.for([
    ["", 400, "Name one of event, job, run, runner, trace, traces to wait for"],
    ["job=a&run=b", 400, "Name one of"],
    ["job=a", 404, "There is no job a"],
    ["run=a", 404, "There is no run a"],
    ["job=a&status=complete", 400, 'There is no status "complete". Did you mean completed?'],
    ["runner=a&status=gone", 400, 'There is no status "gone" of runners'],
    ["event=job:change", 400, 'There is no event "job:change"'],
    ["traces=1", 400, "Name the project"],
    ["project=shop&traces=many", 400, "traces must be a count"],
    ["trace=a&spans=-1", 400, "spans must be a count"],
    ["job=a&timeout=soon", 400, "timeout must be a duration such as 500ms, 30s or 5m, 10m at most"],
    ["job=a&timeout=11m", 400, "timeout must be a duration"],
  ] as const)("refuses %s with %i", async ([query, status, message]) => {
    const { ask } = await createWorld();
    expect(await ask(query)).toMatchObject({ status, json: { error: { message: expect.stringContaining(message) } } });
  });
});
