import { describe, expect, test } from "vitest";
import { settled } from "../support/leaks.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const RUNNER = "00000000-0000-7000-8000-0000000000aa";

/** A server with what a fixture has. */
async function serverWith(fixture: object): Promise<TestServer> {
  const server = await startTestServer();
  const { status, text } = await server.call("POST", "/__local/fixtures", { body: fixture });
  expect(status, text).toBe(200);
  return server;
}

/** A server with a runner and its pending jobs. */
function serverWithJobs(runner: object, agents = ["echo"]): Promise<TestServer> {
  const registered = [{ name: "echo" }, { name: "other" }];
  return serverWith({
    projects: [{ name: "demo" }],
    runners: [{ name: "laptop", id: RUNNER, project: "demo", agents: registered, ...runner }],
    jobs: agents.map((agent) => ({ runner: "laptop", agent, inputs: {} })),
  });
}

/** A server with a run of the job `deploy`. */
function serverWithRun(definition: object, run: object, job: object = {}): Promise<TestServer> {
  return serverWith({
    executor_jobs: [{ slug: "deploy", name: "Deploy", definition, ...job }],
    executor_runs: [{ job: "deploy", ...run }],
  });
}

/** The ids of the pending jobs of the runner, oldest first. */
const pendingJobs = ({ server }: TestServer): string[] =>
  server.opik.jobs.unfinishedOf(RUNNER).flatMap(({ id, status }) => (status === "pending" ? [id] : []));

async function runIds({ call }: TestServer, status: string): Promise<string[]> {
  const { json } = await call("GET", `/v1/runs?status=${status}`);
  return (json as { data: Array<{ id: string }> }).data.map(({ id }) => id);
}

async function why({ call }: TestServer, id: string | undefined): Promise<unknown> {
  const { status, json, text } = await call("GET", `/__local/why?id=${id}`);
  expect(status, text).toBe(200);
  return json;
}

const CONNECTED = { keep_alive: true };

describe("why a job is pending", () => {
  test("its runner is gone, and for how long", async () => {
    const server = await serverWithJobs({ connected_at: "2026-01-01T00:00:00Z" });
    const ttlMs = server.server.config.heartbeatTtlMs;
    await server.clock.advance(ttlMs + 14_000);
    const [id] = pendingJobs(server);
    expect(await why(server, id)).toMatchObject({
      ...{ kind: "job", id, status: "pending" },
      reason: "Its runner laptop has been disconnected for 14.0 s: it sends no heartbeat.",
      advice: expect.stringMatching(/^Start /),
    });
  });

  test("its agent is not registered any more", async () => {
    const server = await serverWithJobs(CONNECTED);
    const path = `/v1/private/local-runners/${RUNNER}/agents`;
    expect(await server.call("PUT", path, { body: { other: {} } })).toMatchObject({ status: 204 });
    expect(await why(server, pendingJobs(server)[0])).toMatchObject({
      reason: "Its runner laptop has registered no agent echo.",
    });
  });

  test("its runner does not poll", async () => {
    const server = await serverWithJobs(CONNECTED);
    expect(await why(server, pendingJobs(server)[0])).toMatchObject({
      reason: "Its runner laptop is connected and does not poll for jobs.",
    });
  });

  test("others are before it", async () => {
    const server = await serverWithJobs(CONNECTED, ["echo", "echo", "echo"]);
    expect(await server.call("POST", `/v1/private/local-runners/${RUNNER}/jobs/next`)).toMatchObject({ status: 200 });
    const ids = pendingJobs(server);
    expect(ids).toHaveLength(2);
    expect(await why(server, ids[1])).toMatchObject({
      reason: "Its runner laptop polls. Before it are 1 pending and 1 running jobs.",
    });
  });

  test("is explained for a runner by its oldest pending job", async () => {
    const server = await serverWithJobs(CONNECTED, ["echo", "echo"]);
    const [oldest] = pendingJobs(server);
    expect(await why(server, RUNNER)).toEqual(await why(server, oldest));
    expect(await why(server, RUNNER)).toMatchObject({ kind: "job", id: oldest });
  });

  test("is not a question for a runner without pending jobs", async () => {
    const server = await serverWithJobs(CONNECTED, []);
    expect(await why(server, RUNNER)).toEqual({
      ...{ kind: "runner", id: RUNNER, status: "connected" },
      reason: "None of its jobs is pending.",
    });
  });
});

describe("why a run does not execute", () => {
  const WORKER = { execution_mode: "worker" };

  test.for([
    ["it is delayed", WORKER, { status: "delayed", scheduled_at: "+5m" }, {}, "It is scheduled in 5 min."],
    [
      "it waits for an event",
      WORKER,
      { status: "waiting", event_triggers: [{ event_key: "approved", timeout_secs: 60 }] },
      {},
      "It waits for the event approved. It times out in 1 min.",
    ],
    [
      "its job is paused",
      WORKER,
      { status: "queued" },
      { paused_at: "-1m", pause_reason: "not yet" },
      "Its job deploy is paused (not yet).",
    ],
    ["no worker took it", WORKER, { status: "queued" }, {}, "It waits in the queue default for a worker."],
  ] as const)("%s", async ([, definition, run, job, reason]) => {
    const server = await serverWithRun(definition, run, job);
    const [id] = await runIds(server, run.status);
    expect(await why(server, id)).toMatchObject({ kind: "run", id, status: run.status, reason });
  });

  test("as many as may execute", async () => {
    const server = await serverWith({
      executor_jobs: [{ slug: "deploy", name: "Deploy", definition: { ...WORKER, max_concurrency: 1 } }],
      executor_runs: [
        { job: "deploy", status: "executing" },
        { job: "deploy", status: "queued" },
      ],
    });
    expect(await why(server, (await runIds(server, "queued"))[0])).toMatchObject({
      reason: "1 runs of its job execute, and max_concurrency is 1.",
    });
  });

  test("the circuit of its endpoint is open, and until when", async () => {
    const server = await startTestServer();
    // Nothing listens there.
    const endpoint_url = "http://127.0.0.1:1/";
    const body = { project_id: "default", name: "Deploy", slug: "deploy", endpoint_url, max_attempts: 1 };
    const job = (await server.call("POST", "/v1/jobs", { body })).json as { id: string };
    const trigger = async (): Promise<string> => {
      const { json } = await server.call("POST", `/v1/jobs/${job.id}/trigger`, { body: { payload: {} } });
      return (json as { id: string }).id;
    };
    for (let failures = 0; failures < 5; failures += 1) {
      const id = await trigger();
      await settled(() => server.server.runs.runs.find(id)?.finished_at !== null);
    }
    const id = await trigger();
    await settled(() => (server.server.runs.runs.find(id)?.snooze_count ?? 0) > 0);
    await server.clock.advance(20_000);
    expect(await why(server, id)).toMatchObject({
      reason: `The circuit breaker is open for ${endpoint_url}, which is called again in 40.0 s.`,
    });
  });
});

test("an id that is none is refused", async () => {
  const { call } = await startTestServer();
  expect(await call("GET", "/__local/why?id=nothing")).toMatchObject({ status: 422 });
  expect(await call("GET", "/__local/why")).toMatchObject({ status: 400 });
});
