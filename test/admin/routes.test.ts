import { describe, expect, test } from "vitest";
import type { State } from "../../src/admin/schema.ts";
import { createOpikLocal } from "../../src/server.ts";
import { BASE } from "../fixtures/support.ts";
import { expectNothingLeft, settled, stopWhenFinished } from "../support/leaks.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

async function call(
  { url }: { url: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; json: unknown }> {
  const response = await fetch(`${url}/__local${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text === "" ? undefined : JSON.parse(text) };
}

function seed(server: { url: string }, text: string): ReturnType<typeof call> {
  return call(server, "POST", "/fixtures", { files: [{ name: "base.yaml", text }] });
}

describe("GET /__local/state", () => {
  test("answers what the server is and has", async () => {
    const server = await startTestServer();
    const executor = `
executor_jobs: [{ project: shop, slug: orders, definition: { execution_mode: worker } }]
executor_runs: [{ job: orders, status: queued }]`;
    const seeded = await seed(server, `${BASE}\njobs: [{ runner: laptop, agent: echo }]${executor}`);
    expect(seeded.status, seeded.text).toBe(200);
    await server.clock.advance(1_500);
    expect((await call(server, "GET", "/state")).json).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      url: server.url,
      database: ":memory:",
      clock: "virtual",
      now: "2026-01-01T00:00:01.500Z",
      uptime_ms: 1_500,
      workspaces: ["default"],
      open_polls: 0,
      projects: [{ name: "demo" }],
      runners: [
        { name: "laptop", status: "connected", agents: ["echo", "slow"], jobs: { pending: 1, running: 0 } },
        { name: "editor", type: "connect" },
      ],
      jobs: { pending: 1, running: 0, completed: 0, failed: 0, cancelled: 0 },
      bridge_commands: { pending: 0 },
      executor_jobs: [{ slug: "orders", project_id: "shop", paused: false, runs: { queued: 1, completed: 0 } }],
      executor_runs: { queued: 1, completed: 0 },
    });
  });
});

describe("the polls of a runner", () => {
  test("are counted, those for jobs and those for commands", async () => {
    const server = await startTestServer();
    await seed(server, BASE);
    const openPolls = async (): Promise<Record<string, number>> => {
      const { runners } = (await call(server, "GET", "/state")).json as State;
      return Object.fromEntries(runners.map(({ name, open_polls }) => [name, open_polls]));
    };
    expect(await openPolls()).toEqual({ laptop: 0, editor: 0 });
    const polls = [nextJob(server), nextJob(server), poll(server, "editor", "bridge/commands/next")];
    await server.untilPollsHeld(3);
    expect(await openPolls()).toEqual({ laptop: 2, editor: 1 });
    await server.clock.advance(60_000);
    await Promise.all(polls);
    expect(await openPolls()).toEqual({ laptop: 0, editor: 0 });
  });
});

describe("/__local/fixtures", () => {
  test("loads files and exports what was loaded, numbers as they were written", async () => {
    const server = await startTestServer();
    const loaded = await seed(server, `${BASE}\njobs: [{ runner: laptop, agent: echo, inputs: { x: 1.0 } }]`);
    expect(loaded).toMatchObject({ status: 200, json: { jobs: { added: 1, changed: 0, unchanged: 0 } } });
    const exported = await call(server, "GET", "/fixtures?project=demo");
    expect(exported.text).toContain('"inputs":{"x":1.0}');
    await call(server, "POST", "/reset");
    expect(await seed(server, exported.text)).toMatchObject({ status: 200 });
    expect((await call(server, "GET", "/fixtures")).text).toBe(exported.text);
  });

  test("answers mistakes with their places, and loads nothing", async () => {
    const server = await startTestServer();
    expect(await seed(server, `${BASE}\nother: 1`)).toMatchObject({
      status: 422,
      json: {
        error: {
          message: "1 mistake in the fixtures, nothing was loaded",
          details: [{ file: "base.yaml", line: 11, column: 1, message: expect.stringContaining("no such field") }],
        },
      },
    });
    expect(server.server.opik.projects.all()).toEqual([]);
  });

  test("refuses a project that is not there", async () => {
    const answer = await call(await startTestServer(), "GET", "/fixtures?project=nowhere");
    expect(answer).toMatchObject({ status: 422, json: { error: { message: 'There is no project "nowhere"' } } });
  });

  test.for([
    ["/requests/count", [], ""],
    ["/requests/find", { headers: [] }, "headers"],
    ["/faults", { status: 404, headers: [] }, "headers"],
    ["/clock/run-until-idle", [], ""],
    ["/bridge", { runner: "r", type: "Exec", args: [] }, "args"],
  ] as const)("refuses a list in place of an object: %s %j", async ([path, body, field]) => {
    const { call } = await startTestServer();
    expect(await call("POST", `/__local${path}`, { body })).toMatchObject({
      ...{ status: 400, json: { error: { details: [{ path: field, message: "must be an object" }] } } },
    });
  });

  test.for([
    ["{}", "The body does not have the expected form"],
    ['{"files":[{"name":1}]}', "The body does not have the expected form"],
    ["nope", expect.stringContaining("The body is no JSON")],
    ["", "The body does not have the expected form"],
  ])("refuses the body %j", async ([body, message]) => {
    const answer = await call(await startTestServer(), "POST", "/fixtures", body);
    expect(answer).toMatchObject({ status: 400, json: { error: { message } } });
  });
});

describe("POST /__local/clock/advance", () => {
  test("moves the virtual clock and runs what falls due", async () => {
    const server = await startTestServer();
    await seed(server, BASE.replaceAll("keep_alive: true", "keep_alive: false"));
    const answer = await call(server, "POST", "/clock/advance", { by: "16s" });
    expect(answer).toMatchObject({ status: 200, json: { now: "2026-01-01T00:00:16.000Z" } });
    expect(server.seen.filter(({ name }) => name === "runner:disconnected")).toHaveLength(2);
    expect(await call(server, "POST", "/clock/advance", { by: "soon" })).toMatchObject({ status: 400 });
  });

  test("is refused on real time", async () => {
    expectNothingLeft();
    const server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    stopWhenFinished(server);
    const answer = await call({ url: await server.listen() }, "POST", "/clock/advance", { by: "16s" });
    expect(answer).toMatchObject({ status: 409, json: { error: { message: expect.stringContaining("real time") } } });
  });
});

describe("POST /__local/reset", () => {
  test("deletes everything, answers open polls, and sets clock and ids back", async () => {
    const server = await startTestServer({ idSeed: "reset" });
    const submit = (): string => server.server.ids.uuid();
    server.server.ids.reset();
    const firstId = submit();
    await seed(server, `${BASE}\nbridge_commands: [{ runner: editor, type: Exec, args: {} }]`);
    await server.clock.advance(90_000);
    const poll = nextJob(server);
    await server.untilPollsHeld(1);
    expect(await call(server, "POST", "/reset")).toMatchObject({ status: 200 });
    expect(await poll).toEqual({ status: 200, body: "null" });
    expect((await call(server, "GET", "/state")).json).toMatchObject({
      now: "2026-01-01T00:00:00.000Z",
      open_polls: 0,
      projects: [],
      runners: [],
      jobs: { pending: 0 },
      bridge_commands: { pending: 0 },
      executor_jobs: [],
      executor_runs: { queued: 0, completed: 0 },
    });
    expect(submit()).toBe(firstId);
    expect(server.seen.filter(({ name }) => name === "server:reset")).toHaveLength(1);
  });

  test("loads the fixtures of the start again, as they are then, and deletes nothing when they have mistakes", async () => {
    const server = await startTestServer();
    let text = BASE;
    server.server.loadAtStart(() => [{ name: "start.yaml", text }]);
    const names = (): string[] => server.server.opik.runners.all().map(({ name }) => name);
    const before = names();
    await seed(server, "projects: [{ name: other }]");
    expect(await call(server, "POST", "/reset")).toMatchObject({ status: 200 });
    expect(names()).toEqual(before);
    expect(server.server.opik.projects.all().map(({ name }) => name)).not.toContain("other");
    text = "projects: [{ nme: demo }]";
    expect(await call(server, "POST", "/reset")).toMatchObject({ status: 422, json: { error: expect.anything() } });
    expect(names()).toEqual(before);
  });

  test("empties one workspace where there may be several, unless all are asked for", async () => {
    const server = await startTestServer({ workspaces: ["any"] });
    const inWorkspace = (name: string): string => `projects: [{ name: ${name}, workspace: ${name} }]
runners: [{ name: ${name}, project: ${name}, keep_alive: true, agents: [{ name: slow }] }]
jobs: [{ runner: ${name}, agent: slow, status: completed }]`;
    const projects = (): string[] => server.server.opik.projects.all().map(({ workspace }) => workspace);
    for (const workspace of ["default", "w1", "w2"]) await seed(server, inWorkspace(workspace));
    expect(projects().toSorted()).toEqual(["default", "w1", "w2"]);
    await server.clock.advance(1_000);
    const runner = server.server.opik.runners.all().find(({ name }) => name === "w1")!;
    const path = `/v1/private/local-runners/${runner.id}/jobs/next`;
    const poll = server.call("POST", path, { headers: { "comet-workspace": "w1" } });
    await server.untilPollsHeld(1);
    expect(await call(server, "POST", "/reset", undefined, { "comet-workspace": "w1" })).toMatchObject({ status: 200 });
    expect(await poll).toMatchObject({ status: 200, text: "null" });
    expect(projects().toSorted()).toEqual(["default", "w2"]);
    expect(server.server.opik.runners.all().map(({ workspace }) => workspace)).toEqual(["default", "w2"]);
    expect(server.server.opik.jobs.all()).toHaveLength(2);
    expect(server.clock.now()).toBe(Date.UTC(2026, 0, 1) + 1_000);
    expect(await call(server, "POST", "/reset")).toMatchObject({ status: 200 });
    expect(projects()).toEqual(["w2"]);
    expect(await call(server, "POST", "/reset?all=true")).toMatchObject({ status: 200 });
    expect(projects()).toEqual([]);
    expect(server.clock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  test("wants a workspace that exists", async () => {
    const server = await startTestServer({ workspaces: ["a", "b"] });
    const reset = (workspace: string) => call(server, "POST", "/reset", undefined, { "comet-workspace": workspace });
    expect(await reset("c")).toMatchObject({ status: 404, json: { error: { message: "Workspace not found" } } });
    expect(await reset("a")).toMatchObject({ status: 200 });
  });

  test("leaves a server that works on: runners fall silent, stuck jobs fail", async () => {
    const server = await startTestServer();
    await call(server, "POST", "/reset");
    await seed(
      server,
      `${BASE.replaceAll("keep_alive: true", "connected_until: +2m")}\njobs: [{ runner: laptop, agent: slow, status: running }]`,
    );
    await server.clock.advance(121_000);
    expect(server.server.opik.jobs.all()).toMatchObject([{ status: "failed", error: "Job timed out after 7s" }]);
    expect(server.seen.filter(({ name }) => name === "runner:disconnected")).toHaveLength(2);
  });
});

describe("bodies and queries", () => {
  test.for([
    ["POST", "/clock/advance", {}, "by", "is missing"],
    ["POST", "/clock/advance", undefined, "by", "is missing"],
    [
      "POST",
      "/clock/advance",
      { by: "soon" },
      "by",
      "must be a duration such as 500ms, 30s or 5m, a thousand years at most",
    ],
    ["POST", "/clock/set", { to: "noon" }, "to", "must be a time such as 2026-01-02T00:00:00Z"],
    ["POST", "/requests/count", { pth: "/v1" }, "pth", "there is no such field. Did you mean path?"],
    ["PUT", "/state", undefined, "", "needs files, or the sections of a fixture"],
    ["PUT", "/state", { version: "1", open_polls: 0 }, "", expect.stringContaining("GET /__local/fixtures writes")],
  ] as const)("%s %s %j is refused in plain words", async ([method, path, body, field, message]) => {
    const { call } = await startTestServer();
    const reply = await call(method, `/__local${path}`, body === undefined ? {} : { body });
    expect(reply).toMatchObject({ status: 400, json: { error: { details: [{ path: field, message }] } } });
  });

  test("a body may be left out where no field of it is needed", async () => {
    const { call } = await startTestServer();
    expect(await call("POST", "/__local/clock/run-until-idle")).toMatchObject({ status: 200, json: { idle: true } });
  });

  test("a reset of what is neither everything nor not is refused", async () => {
    const { call } = await startTestServer();
    const reply = await call("POST", "/__local/reset?all=maybe");
    expect(reply).toMatchObject({
      status: 400,
      json: { error: { message: "all can only be true or false, but is maybe" } },
    });
  });
});

describe("the server's own endpoints", () => {
  test("answer unknown paths and wrong methods in their own format", async () => {
    const server = await startTestServer();
    expect(await call(server, "GET", "/nothing")).toMatchObject({ status: 404, json: { error: expect.anything() } });
    expect(await call(server, "PATCH", "/state")).toMatchObject({ status: 405, json: { error: expect.anything() } });
  });

  test("want the key, when the server has one", async () => {
    const server = await startTestServer({ apiKey: "secret" });
    expect(await call(server, "POST", "/reset")).toMatchObject({ status: 401 });
    expect(await call(server, "POST", "/reset", undefined, { authorization: "secret" })).toMatchObject({ status: 200 });
  });
});

function nextJob(server: TestServer): Promise<{ status: number; body: string }> {
  return poll(server, "laptop", "jobs/next");
}

async function poll({ url, server }: TestServer, runner: string, path: string): ReturnType<typeof nextJob> {
  const { id } = server.opik.runners.all().find(({ name }) => name === runner)!;
  const response = await fetch(`${url}/v1/private/local-runners/${id}/${path}`, { method: "POST" });
  return { status: response.status, body: await response.text() };
}

test("no push and no webhook reaches the server's own endpoints (W2)", async () => {
  const server = await startTestServer();
  const jobs = `${server.url}/v1/jobs`;
  const headers = { "content-type": "application/json" };
  const send = async (url: string, body: object): Promise<{ id: string }> =>
    (await (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).json()) as { id: string };
  for (const [slug, host] of [
    ["named", "localhost"],
    ["numbered", "127.0.0.1"],
  ] as const) {
    const endpoint_url = `${server.url.replace("127.0.0.1", host)}/__local/reset`;
    const job = await send(jobs, { name: slug, slug, endpoint_url, max_attempts: 1 });
    const run = await send(`${jobs}/${job.id}/trigger`, {});
    await settled(() => server.server.runs.runs.find(run.id)?.finished_at !== null);
    expect(server.server.runs.runs.find(run.id)).toMatchObject({
      status: "dead_letter",
      error: "endpoint returned 403",
    });
  }
});
