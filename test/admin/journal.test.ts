import { describe, expect, test } from "vitest";
import { Journal } from "../../src/admin/journal/journal.ts";
import type { RequestList } from "../../src/admin/journal/schema.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const PROJECTS = "/v1/private/projects";

async function listed({ call }: TestServer, query = ""): Promise<RequestList> {
  const { status, json } = await call("GET", `/__local/requests${query}`);
  expect(status).toBe(200);
  return json as RequestList;
}

async function counted({ call }: TestServer, matcher: object): Promise<number> {
  const { status, json, text } = await call("POST", "/__local/requests/count", { body: matcher });
  expect(status, text).toBe(200);
  return (json as { count: number }).count;
}

describe("the request journal", () => {
  test("has requests with their answers, in order, without those to /__local", async () => {
    const server = await startTestServer();
    await server.clock.advance(1_500);
    await server.call("POST", `${PROJECTS}?x=1`, { body: { name: "demo" }, headers: { "comet-workspace": "default" } });
    await server.call("GET", "/__local/state");
    await server.call("POST", "/api/v1/private/projcts", { body: { name: "other" } });
    expect(await listed(server)).toEqual({
      requests: [
        {
          sequence: 1,
          received_at: "2026-01-01T00:00:01.500Z",
          duration_ms: expect.any(Number),
          method: "POST",
          path: PROJECTS,
          query: "?x=1",
          workspace: "default",
          headers: expect.objectContaining({ "content-type": "application/json" }),
          body: { text: '{"name":"demo"}', is_cut: false },
          matched: true,
          operation: "createProject",
          status: 201,
          answer: { headers: expect.objectContaining({ location: expect.stringContaining(PROJECTS) }) },
        },
        expect.objectContaining({
          sequence: 2,
          path: "/api/v1/private/projcts",
          matched: false,
          nearest_route: "POST /api/v1/private/projects",
          reason: "There is no such route. Did you mean POST /api/v1/private/projects?",
          status: 404,
          answer: { headers: expect.anything(), body: { text: expect.stringContaining("404"), is_cut: false } },
        }),
      ],
      total: 2,
      dropped: 0,
      last_sequence: 2,
    });
  });

  test("shows no secrets of headers, bodies and queries", async () => {
    const server = await startTestServer({ internalSecret: "internal-secret-of-the-test" });
    const secret = "do-not-show-this";
    const headers = {
      authorization: `Bearer ${secret}`,
      "x-internal-secret": "internal-secret-of-the-test",
      cookie: secret,
    };
    await server.call("POST", "/v1/secrets", { body: { secret_key: "KEY", value: `${secret}\\"` }, headers });
    await server.call("POST", "/v1/jobs", { body: { name: "a", slug: "a", webhook_secret: secret }, headers });
    await server.call("GET", `/v1/runs/none/stream?token=${secret}`, { headers });
    await server.call("POST", "/v1/api-keys", {
      body: { name: "ci", project_id: "p", scopes: ["jobs:read"], expires_in_days: 30 },
      headers,
    });
    const { text } = await server.call("GET", "/__local/requests");
    expect(text).not.toContain(secret);
    expect(text).not.toContain("internal-secret-of-the-test");
    const { requests } = JSON.parse(text) as RequestList;
    expect(requests[0]).toMatchObject({
      headers: { authorization: "[redacted]", cookie: "[redacted]", "x-internal-secret": "[redacted]" },
      body: { text: '{"secret_key":"KEY","value":"[redacted]"}' },
    });
    expect(requests[2]?.query).toBe("?token=[redacted]");
    expect(requests[3]?.answer.body?.text).toContain('"key":"[redacted]"');
  });

  test("cuts long bodies", async () => {
    const server = await startTestServer();
    const description = "x".repeat(100_000);
    await server.call("POST", PROJECTS, { body: { name: "demo", description: "x".repeat(200) } });
    await server.call("POST", PROJECTS, { body: { name: "long", api_key: description } });
    const { requests } = await listed(server);
    expect(requests.map(({ body }) => [body?.text.length, body?.is_cut])).toEqual([
      [JSON.stringify({ name: "demo", description: "x".repeat(200) }).length, false],
      ['{"name":"long","api_key":"[redacted]'.length, true],
    ]);
  });

  test("keeps as many requests as its setting says, and says how many it dropped", async () => {
    const server = await startTestServer({ journalSize: 2 });
    for (let count = 0; count < 5; count += 1) await server.call("GET", `/is-alive/ping?${count}`);
    const list = await listed(server);
    expect(list).toMatchObject({ total: 2, dropped: 3, last_sequence: 5 });
    expect(list.requests.map(({ query }) => query)).toEqual(["?3", "?4"]);
    await server.call("DELETE", "/__local/requests");
    expect(await listed(server)).toMatchObject({ total: 0, dropped: 0, last_sequence: 5 });
  });

  test("is cleared by a reset, of one workspace only what is its own", async () => {
    const server = await startTestServer({ workspaces: ["any"] });
    for (const workspace of ["a", "b"]) {
      await server.call("GET", PROJECTS, { headers: { "comet-workspace": workspace } });
    }
    await server.call("POST", "/__local/reset", { headers: { "comet-workspace": "a" } });
    expect((await listed(server)).requests.map(({ workspace }) => workspace)).toEqual(["b"]);
    server.server.reset();
    expect(await listed(server)).toMatchObject({ total: 0, last_sequence: 0 });
  });

  test("says that it is switched off", async () => {
    const server = await startTestServer({ journalSize: 0 });
    await server.call("GET", "/is-alive/ping");
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/count"],
      ["POST", "/wait"],
    ] as const) {
      const reply = await server.call(method, `/__local/requests${path}`, method === "GET" ? {} : { body: {} });
      expect(reply).toMatchObject({
        status: 409,
        json: { error: { message: expect.stringContaining("switched off") } },
      });
    }
  });
});

describe("a matcher", () => {
  test.each<[object, number]>([
    [{}, 3],
    [{ method: "post" }, 2],
    [{ path: PROJECTS }, 2],
    [{ path: "/v1/private/*" }, 2],
    [{ path: "/**" }, 3],
    [{ path: "/v1/:version/projects" }, 2],
    [{ path: "/v1/private" }, 0],
    [{ operation: "createProject" }, 2],
    [{ status: 409 }, 1],
    [{ status: "2xx" }, 2],
    [{ matched: false }, 0],
    [{ workspace: "default" }, 3],
    [{ workspace: "other" }, 0],
    [{ headers: { "X-Test": "first" } }, 1],
    [{ headers: { authorization: "the-key" } }, 1],
    [{ body_contains: '"blue"' }, 1],
    [{ body_json: { name: "demo" } }, 2],
    [{ body_json: { "$.meta.tags[1]": "blue", name: "demo" } }, 1],
    [{ body_json: { meta: { list: [1], tags: ["red", "blue"] } } }, 1],
    [{ body_json: { "meta.tags[2]": "blue" } }, 0],
    [{ body_json: { "meta.constructor.name": "Object" } }, 0],
    [{ since: 1 }, 2],
    [{ method: "POST", status: 201, since: 1 }, 0],
  ])("%j counts %i requests", async (matcher, expected) => {
    const server = await startTestServer();
    const meta = { tags: ["red", "blue"], list: [1.0] };
    const headers = { "x-test": "first", authorization: "the-key" };
    await server.call("POST", PROJECTS, { body: { name: "demo", meta }, headers });
    await server.call("POST", `/api${PROJECTS}`, { body: { name: "demo" } });
    await server.call("GET", "/is-alive/ping");
    expect(await counted(server, matcher)).toBe(expected);
  });

  test.each([
    ["count", { pth: "/x" }, "pth"],
    ["count", { status: 404.5 }, "status"],
    ["count", { status: "4x" }, "status"],
    ["find", { body_json: { "a..b": 1 } }, "body_json.a..b"],
    ["find", { limit: 0 }, "limit"],
    ["wait", { timeout: "soon" }, "timeout"],
    ["wait", { timeout: "1h" }, "timeout"],
  ])("of %s that is %j is refused by its name", async (endpoint, matcher, path) => {
    const { call } = await startTestServer();
    const reply = await call("POST", `/__local/requests/${endpoint}`, { body: matcher });
    expect(reply).toMatchObject({ status: 400, json: { error: { details: [{ path }] } } });
  });

  test("is also the query of the list", async () => {
    const server = await startTestServer();
    for (let count = 0; count < 4; count += 1) await server.call("GET", `/is-alive/ping?${count}`);
    await server.call("GET", "/nowhere");
    expect(await listed(server, "?status=404&matched=false")).toMatchObject({
      total: 1,
      requests: [{ path: "/nowhere" }],
    });
    const list = await listed(server, "?path=/is-alive/*&since=1&limit=2");
    expect(list.total).toBe(3);
    expect(list.requests.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect((await server.call("GET", "/__local/requests?limit=many")).status).toBe(400);
    expect((await server.call("GET", "/__local/requests?matched=maybe")).status).toBe(400);
  });
});

describe("a wait for requests", () => {
  test("ends when enough have come, counting those of before", async () => {
    const server = await startTestServer();
    await server.call("GET", "/is-alive/ping");
    const wait = server.call("POST", "/__local/requests/wait", { body: { path: "/is-alive/ping", count: 2 } });
    await server.call("GET", "/is-alive/ver");
    await server.call("GET", "/is-alive/ping");
    expect(await wait).toMatchObject({ status: 200, json: { total: 2 } });
  });

  test("that times out shows what came instead", async () => {
    const server = await startTestServer();
    await server.call("GET", "/is-alive/ping");
    const body = { path: "/nowhere", timeout: "1ms" };
    expect(await server.call("POST", "/__local/requests/wait", { body })).toMatchObject({
      status: 408,
      json: { error: { message: expect.stringContaining("0 of 1 requests"), details: [{ path: "/is-alive/ping" }] } },
    });
  });

  test.each(["reset", "stop"] as const)("is ended by %s", async (end) => {
    const clock = new VirtualClock();
    const journal = new Journal({ size: 10, waitClock: clock });
    const waiting = journal.waitFor({}, 1, 5_000, new AbortController().signal);
    journal[end]();
    expect((await waiting).entries).toEqual([]);
  });

  test("is ended by its client, and by the time", async () => {
    const clock = new VirtualClock();
    const journal = new Journal({ size: 10, waitClock: clock });
    const client = new AbortController();
    const left = journal.waitFor({}, 1, 5_000, client.signal);
    client.abort();
    expect((await left).entries).toEqual([]);
    const slow = journal.waitFor({}, 1, 5_000, new AbortController().signal);
    await clock.advance(5_000);
    expect((await slow).entries).toEqual([]);
  });
});

test("the journal shows whether an answer in which something is assigned was read", async () => {
  const { server } = await startTestServer();
  const journal = new Journal({ size: 1 });
  expect(journal.isOn).toBe(true);
  const seeded = {
    projects: [{ name: "demo" }],
    runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
    jobs: [{ runner: "laptop", agent: "echo" }],
  };
  server.fixtures.load([{ name: "f", text: JSON.stringify(seeded) }]);
  const [runner] = server.opik.runners.all();
  await server.request(`/v1/private/local-runners/${runner!.id}/jobs/next`, { method: "POST" });
  const reply = await server.request("/__local/requests");
  expect(await reply.json()).toMatchObject({ requests: [{ operation: "nextJob", delivered: true }] });
});
