import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Fault } from "../../src/admin/faults/schema.ts";
import type { RequestList } from "../../src/admin/journal/schema.ts";
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
    [{}, "", "A rule needs an effect (status, latency, reset, cut or drop) or a preset"],
    [{ path: "/x" }, "", "A rule needs an effect (status, latency, reset, cut or drop) or a preset"],
    [{ status: 503, drop: true }, "", "A rule has only one of status, reset, cut and drop"],
    [{ latency: "1s", retryAfter: 1 }, "", "body, headers and retryAfter belong to a status"],
    [{ status: 503, retryAfter: "soon" }, "retryAfter", "must be a duration such as 200ms, 5s or 1m, 24h at most"],
    [{ latency: 200 }, "latency", "must be a duration such as 200ms, or a range such as {min: 20ms, max: 2s}"],
    [{ latency: { min: "2s", max: "1s" } }, "latency", "must have a min that is not above its max"],
    [{ reset: true }, "reset", 'must be "before" or "after" (the work is done)'],
    [{ status: 99 }, "status", "Invalid value: Expected >=200 but received 99"],
    [{ status: 503, probability: 2 }, "probability", "Invalid value: Expected <=1 but received 2"],
    [{ status: 503, from: "noon" }, "from", expect.stringContaining("must be a duration after the rule was added")],
    [{ status: 503, headers: { "x y": "1" } }, "headers.x y", "must be a header name"],
    [{ status: 503, headers: { x: "a\nb" } }, "headers.x", "must be printable ASCII"],
    [{ statuss: 503 }, "statuss", expect.stringContaining("statuss")],
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
