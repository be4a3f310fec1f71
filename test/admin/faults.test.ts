import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { ActiveRule } from "../../src/admin/faults/rule.ts";
import type { Fault } from "../../src/admin/faults/schema.ts";
import type { RequestList } from "../../src/admin/journal/schema.ts";
import { computerMonotonicTime } from "../../src/core/clock.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { settled } from "../support/leaks.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const PROJECTS = "/v1/private/projects";
const PING = "/is-alive/ping";

async function add({ call }: TestServer, fault: object): Promise<Fault[]> {
  const { status, json, text } = await call("POST", "/__local/faults", { body: fault });
  expect(status, text).toBe(201);
  return (json as { faults: Fault[] }).faults;
}

async function faultsOf({ call }: TestServer): Promise<Fault[]> {
  return ((await call("GET", "/__local/faults")).json as { faults: Fault[] }).faults;
}

/** The statuses of so many requests; `lost` where the connection ended. */
async function statuses({ call }: TestServer, count: number, path = PING): Promise<Array<number | "lost">> {
  const seen: Array<number | "lost"> = [];
  for (let at = 0; at < count; at += 1) {
    seen.push(
      await call("GET", path).then(
        ({ status }) => status,
        () => "lost" as const,
      ),
    );
  }
  return seen;
}

/** Until the first fault was applied to a request. */
function untilApplied({ server }: TestServer): Promise<void> {
  return settled(() => server.faults.list()[0]?.applied === 1);
}

describe("a fault with a status", () => {
  test("is answered in the API's shape, with Retry-After, as often as it says, and nothing is done", async () => {
    const server = await startTestServer();
    const added = await add(server, { method: "post", path: PROJECTS, status: 503, retryAfter: "1500ms", times: 1 });
    expect(added).toEqual([{ id: "fault-1", rule: expect.objectContaining({ status: 503 }), matched: 0, applied: 0 }]);
    const body = { name: "demo" };
    expect(await server.call("POST", PROJECTS, { body })).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
      json: { code: 503, message: "HTTP 503 Service Unavailable" },
    });
    expect(server.server.opik.projects.all()).toEqual([]);
    expect((await server.call("POST", PROJECTS, { body })).status).toBe(201);
    expect(await faultsOf(server)).toMatchObject([{ matched: 1, applied: 1 }]);
    const { requests } = (await server.call("GET", "/__local/requests")).json as RequestList;
    expect(requests.map(({ status, fault }) => [status, fault])).toEqual([
      [503, "fault-1"],
      [201, undefined],
    ]);
    expect(requests[0]?.reason).toBe("The fault fault-1 was injected.");
  });

  test("has the shape of the other API there, and a body and headers of its own if it says so", async () => {
    const server = await startTestServer();
    await add(server, { path: "/v1/jobs", status: 429, times: 1 });
    expect(await server.call("GET", "/v1/jobs")).toMatchObject({
      status: 429,
      json: { error: { code: "rate_limited" } },
    });
    await add(server, { path: "/v1/jobs", status: 200, body: { data: [] }, headers: { "x-test": "yes" } });
    expect(await server.call("GET", "/v1/jobs")).toMatchObject({
      status: 200,
      headers: { "x-test": "yes" },
      json: { data: [] },
    });
  });

  test("never hits /__local, however wide it is", async () => {
    const server = await startTestServer();
    await add(server, { status: 500 });
    expect((await server.call("GET", "/__local/state")).status).toBe(200);
    expect((await server.call("GET", PING)).status).toBe(500);
    expect((await server.call("DELETE", "/__local/faults")).status).toBe(204);
    expect((await server.call("GET", PING)).status).toBe(200);
  });
});

describe("the requests of a fault", () => {
  test.each<[object, number[]]>([
    [{ operation: "findProjects" }, [1]],
    [{ workspace: "other" }, [2]],
    [{ workspace: "default" }, [0, 1, 3, 4, 5, 6]],
    [{ runner: "laptop" }, [3, 4, 5]],
    [{ runner: "00000000-0000-7000-8000-00000000de30" }, [3, 4, 5]],
    [{ agent: "echo" }, [4, 5, 6]],
    [{ agent: "echo", method: "POST", path: "/**/logs" }, [5]],
    [{ agent: "other" }, []],
  ])("are those of %j", async (scope, expected) => {
    const server = await startTestServer({ workspaces: ["any"] });
    const fixture = {
      projects: [{ name: "demo" }],
      runners: [
        {
          id: "00000000-0000-7000-8000-00000000de30",
          name: "laptop",
          project: "demo",
          keep_alive: true,
          agents: [{ name: "echo" }],
        },
      ],
      jobs: [{ runner: "laptop", agent: "echo" }],
    };
    server.server.fixtures.load([{ name: "f", text: JSON.stringify(fixture) }]);
    const [runner] = server.server.opik.runners.all();
    const [job] = server.server.opik.jobs.all();
    const runners = "/v1/private/local-runners";
    await add(server, { ...scope, status: 599 });
    const replies = [
      await server.call("GET", PING),
      await server.call("GET", PROJECTS),
      await server.call("GET", PING, { headers: { "comet-workspace": "other" } }),
      await server.call("GET", `${runners}/${runner!.id}`),
      await server.call("GET", `${runners}/jobs/${job!.id}`),
      await server.call("POST", `${runners}/jobs/${job!.id}/logs`, { body: [] }),
      await server.call("POST", `${runners}/jobs`, { body: { agent_name: "echo", project_id: runner!.project_id } }),
    ];
    expect(replies.flatMap(({ status }, index) => (status === 599 ? [index] : []))).toEqual(expected);
    // A body that the fault has read is there for the route, too.
    if (!expected.includes(6)) expect(replies[6]!.status).toBe(201);
  });
});

describe("when a fault happens", () => {
  test("is chosen by its seed alone", async () => {
    const server = await startTestServer();
    const choices = async (seed: string | number): Promise<string> => {
      await server.call("DELETE", "/__local/faults");
      await add(server, { path: PING, status: 500, probability: 0.5, seed });
      return (await statuses(server, 24)).join(" ");
    };
    const first = await choices("one");
    expect(await choices("one")).toBe(first);
    expect(await choices(2)).not.toBe(first);
    expect(new Set(first.split(" "))).toEqual(new Set(["200", "500"]));
  });

  test("is limited by from and until, on the server's clock", async () => {
    const server = await startTestServer();
    await add(server, { path: PING, status: 500, from: "10s", until: "2026-01-01T00:00:15Z" });
    const seen: Array<number | "lost"> = [];
    for (const step of [9_999, 1, 4_999, 1]) {
      await server.clock.advance(step);
      seen.push(...(await statuses(server, 1)));
    }
    expect(seen).toEqual([200, 500, 500, 200]);
  });
});

describe("a latency", () => {
  test("ends with the server's clock, adds up, and comes before other effects", async () => {
    const server = await startTestServer();
    await add(server, { path: PING, latency: "1s" });
    await add(server, { path: PING, latency: { min: "2s", max: "2s" } });
    await add(server, { path: PING, status: 503 });
    let status: number | undefined;
    const reply = server.call("GET", PING).then((answer) => (status = answer.status));
    await untilApplied(server);
    await server.clock.advance(999);
    expect(status).toBeUndefined();
    await server.clock.advance(1);
    await server.clock.advance(2_000);
    expect(await reply).toBe(503);
  });

  test("goes on when faults are removed, and ends without the work at a reset", async () => {
    const server = await startTestServer();
    await add(server, { path: PROJECTS, latency: "1h" });
    const first = server.call("POST", PROJECTS, { body: { name: "first" } });
    await untilApplied(server);
    await server.call("DELETE", "/__local/faults");
    expect((await first).status).toBe(201);
    await add(server, { path: PROJECTS, latency: "1h" });
    const second = server.call("POST", PROJECTS, { body: { name: "second" } });
    const isLost = expect(second).rejects.toThrow(/socket hang up|ECONNRESET/);
    await untilApplied(server);
    server.server.reset();
    await isLost;
    expect(server.server.opik.projects.all()).toEqual([]);
    expect(await faultsOf(server)).toEqual([]);
  });
});

describe("a lost connection", () => {
  test("is reset before the work, or after it", async () => {
    const server = await startTestServer();
    await add(server, { method: "POST", path: PROJECTS, reset: "before", times: 1 });
    await add(server, { method: "POST", path: PROJECTS, reset: "after", times: 1 });
    const create = (name: string): Promise<unknown> => server.call("POST", PROJECTS, { body: { name } });
    await expect(create("before")).rejects.toThrow(/ECONNRESET|socket hang up/);
    await expect(create("after")).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect(server.server.opik.projects.all().map(({ name }) => name)).toEqual(["after"]);
    const { requests } = (await server.call("GET", "/__local/requests")).json as RequestList;
    expect(requests.map(({ status, lost, fault }) => [status, lost, fault])).toEqual([
      [503, true, "fault-1"],
      [201, true, "fault-2"],
    ]);
  });

  test("is cut in the middle of the answer", async () => {
    const server = await startTestServer();
    await add(server, { path: PING, cut: true });
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    let received = "";
    socket.on("data", (chunk) => (received += chunk.toString()));
    socket.on("error", () => undefined);
    socket.write(`GET ${PING} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, "close");
    const [head = "", body = ""] = received.split("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(head).toContain("HTTP/1.1 200");
    expect(body.length).toBe(Math.ceil(length / 2));
  });

  test("takes back a job that was assigned in the answer", async () => {
    const server = await startTestServer();
    const fixture = {
      projects: [{ name: "demo" }],
      runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
      jobs: [{ runner: "laptop", agent: "echo" }],
    };
    server.server.fixtures.load([{ name: "f", text: JSON.stringify(fixture) }]);
    const [runner] = server.server.opik.runners.all();
    const next = `/v1/private/local-runners/${runner!.id}/jobs/next`;
    for (const effect of [{ reset: "after" }, { cut: true }]) {
      await add(server, { operation: "nextJob", ...effect, times: 1 });
      await expect(server.call("POST", next)).rejects.toThrow();
      expect(server.server.opik.jobs.all().map(({ status }) => status)).toEqual(["pending"]);
    }
    expect(await server.call("POST", next)).toMatchObject({ status: 200, json: { agent_name: "echo" } });
  });

  test("is never answered, until the client goes, a reset or the end of the server", async () => {
    const server = await startTestServer();
    await add(server, { path: PING, drop: true });
    const client = new AbortController();
    const left = server.call("GET", PING, { signal: client.signal });
    const dropped = server.call("GET", PING);
    const isDropped = expect(dropped).rejects.toThrow(/ECONNRESET|socket hang up/);
    const isLeft = expect(left).rejects.toThrow(/abort/i);
    await server.call("POST", "/__local/requests/wait", { body: { path: PING, count: 2 } });
    client.abort();
    await isLeft;
    server.server.reset();
    await isDropped;
  });

  test("is an answer to callers in the same process", async () => {
    const { server } = await startTestServer();
    server.faults.add({ path: PING, reset: "before" });
    const reply = await server.request(PING);
    expect([reply.status, await reply.json()]).toEqual([
      503,
      { code: 503, message: "The connection was lost (fault-1)" },
    ]);
  });
});

describe("a preset", () => {
  test.each(["flaky-network", "overloaded", "restart-loop", "half-open"] as const)(
    "%s is described and added",
    async (preset) => {
      const server = await startTestServer();
      const added = await add(server, { preset, workspace: "default", seed: 7 });
      expect(added.length).toBeGreaterThan(0);
      expect(added.every((fault) => fault.preset === preset && fault.rule["workspace"] === "default")).toBe(true);
      const { presets } = (await server.call("GET", "/__local/faults")).json as { presets: Record<string, string> };
      expect(presets[preset]).toEqual(expect.stringContaining("shows whether a client"));
    },
  );

  test("restart-loop loses requests while the server is gone", async () => {
    const server = await startTestServer();
    await add(server, { preset: "restart-loop" });
    const seen: Array<number | "lost"> = [];
    for (const step of [0, 20_000, 2_999, 1, 17_000]) {
      await server.clock.advance(step);
      seen.push(...(await statuses(server, 1)));
    }
    expect(seen).toEqual([200, "lost", "lost", 200, "lost"]);
  });

  test("flaky-network loses the same requests with the same seed", async () => {
    const server = await startTestServer();
    const lost = async (): Promise<string> => {
      server.server.reset();
      server.server.faults.add({ preset: "flaky-network", seed: 1 });
      // Latencies would wait for the clock.
      server.server.faults.remove("fault-1");
      return (await statuses(server, 40)).join(" ");
    };
    const first = await lost();
    expect(first).toContain("lost");
    expect(await lost()).toBe(first);
  });

  test("of the start comes back with a reset", async () => {
    const { server } = await startTestServer();
    server.faults.addAtStart([{ path: PING, status: 503, times: 1 }]);
    expect((await server.request(PING)).status).toBe(503);
    server.faults.add({ status: 500 });
    server.reset();
    expect(server.faults.list()).toMatchObject([{ id: "fault-1", applied: 0 }]);
    expect((await server.request(PING)).status).toBe(503);
    expect((await server.request(PING)).status).toBe(200);
  });
});

describe("a mistake in a fault", () => {
  test.each<[object, string, string]>([
    [
      {},
      "",
      "A rule needs an effect (status, latency, reset, cut, drop, busy, stall, evict, duplicate or skew) or a preset",
    ],
    [
      { path: "/x" },
      "",
      "A rule needs an effect (status, latency, reset, cut, drop, busy, stall, evict, duplicate or skew) or a preset",
    ],
    [{ status: 503, drop: true }, "", "A rule has only one of status, reset, cut, drop and busy"],
    [{ latency: "1s", retryAfter: 1 }, "", "body, headers and retryAfter belong to a status"],
    [{ status: 503, retryAfter: "soon" }, "retryAfter", "must be a duration such as 200ms, 5s or 1m, 24h at most"],
    [
      { latency: 200 },
      "latency",
      "must be a duration such as 200ms, a range such as {min: 20ms, max: 2s}, or a distribution such as {median: 80ms, p99: 2s}",
    ],
    [{ latency: { min: "2s", max: "1s" } }, "latency", "must have a min that is not above its max"],
    [{ reset: true }, "reset", 'must be "before" or "after" (the work is done)'],
    [{ status: 99 }, "status", "Invalid value: Expected >=200 but received 99"],
    [{ status: 503, probability: 2 }, "probability", "Invalid value: Expected <=1 but received 2"],
    [{ status: 503, from: "noon" }, "from", expect.stringContaining("must be a duration after the rule was added")],
    [{ status: 503, headers: { "x y": "1" } }, "headers.x y", "must be a header name"],
    [{ status: 503, headers: { x: "a\nb" } }, "headers.x", "must be printable ASCII"],
    [
      { status: 503, headers: { "Content-Length": "5" } },
      "headers.Content-Length",
      "is a header that the server sets; cut ends an answer in its middle",
    ],
    [{ status: 204, body: {} }, "", "An answer of status 204, 205, 304 has no body"],
    [{ status: 503, from: "10s", until: "10s" }, "", "from must be before until"],
    [
      { status: 503, from: "2026-01-01T02:00:00+01:00", until: "2026-01-01T00:30:00Z" },
      "",
      "from must be before until",
    ],
    [{ status: 503, from: "2026-02-30T00:00:00Z" }, "from", expect.stringContaining("must be a duration after")],
    [{ status: 503, until: "365251d" }, "until", expect.stringContaining("must be a duration after")],
    [{ status: 503, path: "projects" }, "path", "must begin with / or *, such as /v1/private/projects or **/projects"],
    [{ status: 503, path: "/__local/state" }, "path", expect.stringContaining("must be a path of an API")],
    [{ statuss: 503 }, "statuss", "there is no such field. Did you mean status?"],
    [{ preset: "flaky" }, "preset", "must be one of flaky-network, overloaded, restart-loop, half-open"],
    [{ preset: "overloaded", times: 2 }, "", expect.stringContaining("A preset has rules of its own")],
  ])("%j is refused", async (fault, path, message) => {
    const { call } = await startTestServer();
    const reply = await call("POST", "/__local/faults", { body: fault });
    expect(reply, reply.text).toMatchObject({ status: 400 });
    expect((reply.json as { error: { details: unknown[] } }).error.details).toContainEqual({ path, message });
  });

  test("is named also outside of HTTP, and none of the faults of the start is added", async () => {
    const { server } = await startTestServer();
    expect(() => server.faults.add({ status: 503, probability: 2 })).toThrow("The fault: probability: Invalid value");
    expect(() => server.faults.addAtStart([{ status: 503 }, { reset: "now" }])).toThrow("Fault 2: reset: must be");
    expect(server.faults.list()).toEqual([]);
  });

  test("of an id is a 404", async () => {
    const { call } = await startTestServer();
    expect(await call("DELETE", "/__local/faults?id=fault-9")).toMatchObject({ status: 404 });
  });
});

describe("faults of a server that works, but not as it should", () => {
  const RUNNERS = "/v1/private/local-runners";

  /** A runner with an agent, and its project. */
  async function withRunner(server: TestServer): Promise<{ path: string; projectId: string }> {
    const text = `projects: [{ name: demo }]
runners: [{ name: laptop, project: demo, keep_alive: true, agents: [{ name: echo }] }]`;
    await server.call("POST", "/__local/fixtures", { body: { files: [{ name: "a.yaml", text }] } });
    const [runner] = server.server.opik.runners.all();
    return { path: `${RUNNERS}/${runner?.id ?? ""}`, projectId: runner?.project_id ?? "" };
  }

  test("duplicate: a job is assigned twice, and a poll without a job does not count", async () => {
    const server = await startTestServer();
    const { path, projectId } = await withRunner(server);
    await add(server, { operation: "nextJob", duplicate: true, times: 1 });
    const idle = server.call("POST", `${path}/jobs/next`);
    await settled(() => server.server.openPolls.count === 1);
    await server.clock.advance(server.server.config.nextJobPollTimeoutMs);
    expect((await idle).json).toBeNull();
    for (const agent_name of ["echo", "echo"]) {
      await server.call("POST", `${RUNNERS}/jobs`, { body: { agent_name, project_id: projectId } });
    }
    const given: unknown[] = [];
    for (let at = 0; at < 3; at += 1) given.push((await server.call("POST", `${path}/jobs/next`)).json);
    const [first, second, third] = given as Array<{ id: string }>;
    expect(second).toEqual(first);
    expect(third?.id).not.toBe(first?.id);
    expect(await faultsOf(server)).toMatchObject([{ matched: 2, applied: 1 }]);
  });

  test("evict: the runner is gone, and is answered 410", async () => {
    const server = await startTestServer();
    const { path } = await withRunner(server);
    await add(server, { operation: "heartbeat", runner: "laptop", evict: true });
    expect((await server.call("POST", `${path}/heartbeats`, { body: {} })).status).toBe(410);
    expect(server.server.opik.runners.all()).toEqual([]);
  });

  test("evict: an executor that works on has lost its run, which another one takes", async () => {
    const { call, clock, server } = await startTestServer();
    const definition = { name: "w", slug: "w", execution_mode: "worker", max_attempts: 2 };
    const { json: job } = await call("POST", "/v1/jobs", { body: definition });
    const triggered = await call("POST", `/v1/jobs/${(job as { id: string }).id}/trigger`, { body: {} });
    const { id } = triggered.json as { id: string };
    const take = async (): Promise<Record<string, string>> => {
      const { json } = await call("POST", "/__local/runs/next?queue=default");
      return { authorization: `Bearer ${(json as { run_token: string }).run_token}` };
    };
    const complete = async (headers: Record<string, string>): Promise<number> =>
      (await call("POST", `/sdk/v1/runs/${id}/complete`, { headers, body: { result: 1 } })).status;
    const first = await take();
    server.faults.add({ path: "/sdk/v1/runs/*/complete", evict: true, times: 1 });
    expect(await complete(first)).toBeGreaterThanOrEqual(400);
    expect(server.runs.runs.find(id)).toMatchObject({
      status: "queued",
      attempt: 2,
      error: expect.stringContaining("heartbeat lost"),
    });
    await clock.advance(60_000);
    const second = await take();
    expect(await call("POST", `/sdk/v1/runs/${id}/complete`, { headers: first, body: { result: 1 } })).toMatchObject({
      status: 401,
      text: expect.stringContaining("run token attempt is stale"),
    });
    expect(await complete(second)).toBe(200);
  });

  test("busy: the API's error of a locked database, and nothing is done", async () => {
    const server = await startTestServer();
    await add(server, { method: "POST", busy: true, times: 1 });
    const body = { name: "demo" };
    expect(await server.call("POST", PROJECTS, { body })).toMatchObject({ status: 500, json: { code: 500 } });
    expect(server.server.opik.projects.all()).toEqual([]);
    expect((await server.call("POST", PROJECTS, { body })).status).toBe(201);
  });

  test("stall: requests of others wait, too", async () => {
    const server = await startTestServer();
    await add(server, { path: PING, stall: "60ms", times: 1 });
    const before = computerMonotonicTime();
    const stalled = server.call("GET", PING);
    await settled(() => server.server.faults.list()[0]?.applied === 1);
    await server.call("GET", "/is-alive/ver");
    expect(computerMonotonicTime() - before).toBeGreaterThan(55);
    expect((await stalled).status).toBe(200);
  });

  test.for([
    ["5m", 300_000],
    ["-5m", -300_000],
  ] as const)("skew: the times of an answer are wrong by %s", async ([skew, byMs]) => {
    const server = await startTestServer();
    const { path } = await withRunner(server);
    const right = (await server.call("GET", path)).json as { connected_at: string };
    await add(server, { operation: "getRunner", skew });
    for (const headers of [{}, { "accept-encoding": "gzip" }]) {
      const wrong = await server.call("GET", path, { headers });
      const { connected_at } = wrong.json as { connected_at: string };
      expect(Date.parse(connected_at)).toBe(Date.parse(right.connected_at) + byMs);
      expect(connected_at).toHaveLength(right.connected_at.length);
      expect(Date.parse(String(wrong.headers["date"]))).toBe(server.clock.now() + byMs);
    }
  });

  test("latency: a distribution has its median and its slow answers", () => {
    const clock = new VirtualClock();
    const rule = new ActiveRule("fault-1", { latency: { median: "80ms", p99: "2s" } }, clock);
    const latencies = Array.from({ length: 2_000 }, () => rule.latencyMs()).toSorted((a, b) => a - b);
    expect(latencies[1_000]).toBeGreaterThan(70);
    expect(latencies[1_000]).toBeLessThan(92);
    expect(latencies[1_980]).toBeGreaterThan(1_300);
    expect(latencies[1_980]).toBeLessThan(3_000);
  });

  test.for<[object, string]>([
    [{ stall: "11s" }, "10s at most"],
    [{ skew: "later" }, "must be a duration such as 5m or -5m"],
    [{ latency: { median: "0s", p99: "1s" } }, "must have a median above 0"],
    [{ busy: true, status: 500 }, "only one of status, reset, cut, drop and busy"],
    [{ evict: false }, "A rule needs an effect"],
  ])("%j is refused", async ([fault, message]) => {
    const { call } = await startTestServer();
    const { status, text } = await call("POST", "/__local/faults", { body: fault });
    expect(status).toBe(400);
    expect(text).toContain(message);
  });
});

test.for([
  [{ operation: "nextJb", status: 503 }, "operation", "there is no such operation. Did you mean nextJob?"],
  [{ pth: "/x", status: 503 }, "pth", "there is no such field. Did you mean path?"],
] as const)("refuses a rule that no request would meet: %j", async ([rule, path, message]) => {
  const started = await startTestServer();
  const reply = await started.call("POST", "/__local/faults", { body: rule });
  expect(reply).toMatchObject({ status: 400, json: { error: { details: [{ path, message }] } } });
  expect(await faultsOf(started)).toEqual([]);
  expect(() => started.server.faults.add(rule)).toThrow(path);
});
