import { register } from "prom-client";
import { describe, expect, test } from "vitest";
import { Counter, Gauge, Histogram } from "../../src/admin/metrics/counters.ts";
import { writeMetrics } from "../../src/admin/metrics/exposition.ts";
import { settled } from "../support/leaks.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const FIXTURE = {
  projects: [{ name: "demo" }],
  runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
  jobs: [
    { runner: "laptop", agent: "echo" },
    { runner: "laptop", agent: "echo" },
  ],
};

async function metricsOf({ call }: TestServer): Promise<string[]> {
  const { status, text, headers } = await call("GET", "/metrics");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  return text.split("\n");
}

describe("GET /metrics", () => {
  test("counts requests by route and status, without its own and those to /__local", async () => {
    const server = await startTestServer();
    await server.call("GET", "/is-alive/ping");
    await server.call("GET", "/api/is-alive/ping");
    await server.call("POST", "/v1/private/projects", { body: { name: "demo" } });
    await server.call("GET", "/nowhere");
    await server.call("GET", "/__local/state");
    await metricsOf(server);
    const lines = await metricsOf(server);
    expect(lines.filter((line) => line.startsWith("opik_local_http_requests_total"))).toEqual([
      'opik_local_http_requests_total{method="GET",route="/is-alive/ping",status="200"} 2',
      'opik_local_http_requests_total{method="POST",route="/v1/private/projects",status="201"} 1',
      'opik_local_http_requests_total{method="GET",route="",status="404"} 1',
    ]);
    expect(lines).toContain('opik_local_http_request_duration_seconds_count{method="GET",route="/is-alive/ping"} 2');
  });

  test("shows jobs and runs by status, open polls, and how long jobs and runs have waited", async () => {
    const server = await startTestServer();
    server.server.fixtures.load([{ name: "f", text: JSON.stringify(FIXTURE) }]);
    const [runner] = server.server.opik.runners.all();
    const next = `/v1/private/local-runners/${runner!.id}/jobs/next`;
    await server.clock.advance(2_000);
    await server.call("POST", next);
    const job = { name: "w", slug: "w", execution_mode: "worker" };
    const { json } = await server.call("POST", "/v1/jobs", { body: job });
    await server.call("POST", `/v1/jobs/${(json as { id: string }).id}/trigger`, { body: {} });
    await server.clock.advance(500);
    await server.call("POST", "/__local/runs/next?queue=default");
    const poll = server.call("POST", "/__local/runs/next?queue=default");
    await server.untilPollsHeld(1);
    const lines = await metricsOf(server);
    expect(lines).toEqual(
      expect.arrayContaining([
        'opik_local_jobs{status="pending"} 1',
        'opik_local_jobs{status="running"} 1',
        'opik_local_runs{status="executing"} 1',
        "opik_local_open_polls 1",
        'opik_local_queue_seconds_sum{kind="job"} 2',
        'opik_local_queue_seconds_count{kind="job"} 1',
        'opik_local_queue_seconds_bucket{kind="job",le="1"} 0',
        'opik_local_queue_seconds_bucket{kind="job",le="5"} 1',
        'opik_local_queue_seconds_bucket{kind="job",le="+Inf"} 1',
        'opik_local_queue_seconds_sum{kind="run"} 0.5',
      ]),
    );
    server.server.reset();
    await poll;
  });

  test("measures the event loop's delay from the second reading on", async () => {
    const server = await startTestServer();
    const delays = async (): Promise<string[]> =>
      (await metricsOf(server)).filter((line) => line.startsWith("opik_local_event_loop_delay_seconds{"));
    expect(await delays()).toEqual([]);
    let lines: string[] = [];
    let isReading = false;
    await settled(() => {
      if (lines.length > 0) return true;
      if (!isReading) {
        isReading = true;
        void delays().then((read) => {
          lines = read;
          isReading = false;
        });
      }
      return false;
    });
    expect(lines.map((line) => line.split(" ")[0])).toEqual(
      ["0.5", "0.99", "1"].map((quantile) => `opik_local_event_loop_delay_seconds{quantile="${quantile}"}`),
    );
    expect(lines.every((line) => Number(line.split(" ")[1]) > 0)).toBe(true);
  });

  test("asks for the key of the server, and is never hit by faults", async () => {
    const server = await startTestServer({ apiKey: "the-key" });
    server.server.faults.add({ status: 500 });
    expect((await server.call("GET", "/metrics")).status).toBe(401);
    expect((await server.call("GET", "/metrics", { headers: { authorization: "the-key" } })).status).toBe(200);
    expect((await server.call("POST", "/metrics", { headers: { authorization: "the-key" } })).status).toBe(405);
  });
});

test("the text format: heads, labels with their escapes, and buckets that add up", async () => {
  const counter = new Counter("c_total", "Counts.");
  counter.series({ a: '"\\\n' }).add();
  counter.series({ a: '"\\\n' }).add();
  const histogram = new Histogram("h_seconds", "Sizes.", [1, 2]);
  for (const value of [0.5, 1, 2, 3]) histogram.series({ kind: "x" }).observe(value);
  const text = await writeMetrics([counter, new Gauge("g", "Reads.", () => [[{}, 7]]), histogram]);
  expect(text.split("\n")).toEqual([
    "# HELP c_total Counts.",
    "# TYPE c_total counter",
    String.raw`c_total{a="\"\\\n"} 2`,
    "",
    "# HELP g Reads.",
    "# TYPE g gauge",
    "g 7",
    "",
    "# HELP h_seconds Sizes.",
    "# TYPE h_seconds histogram",
    'h_seconds_bucket{kind="x",le="1"} 2',
    'h_seconds_bucket{kind="x",le="2"} 3',
    'h_seconds_bucket{kind="x",le="+Inf"} 4',
    'h_seconds_sum{kind="x"} 6.5',
    'h_seconds_count{kind="x"} 4',
    "",
  ]);
});

test("servers of one process have their own metrics, and none are in the registry of the process", async () => {
  const [first, second] = [await startTestServer(), await startTestServer()];
  await first.call("GET", "/is-alive/ping");
  const requests = async (server: TestServer): Promise<string[]> =>
    (await metricsOf(server)).filter((line) => line.startsWith("opik_local_http_requests_total{"));
  expect(await requests(first)).toHaveLength(1);
  expect(await requests(second)).toEqual([]);
  expect(await register.getMetricsAsJSON()).toEqual([]);
});
