import { describe, expect, test } from "vitest";
import { nearestRoute } from "../../src/http/nearest-route.ts";
import type { Route } from "../../src/http/route.ts";
import { startTestServer } from "../support/server.ts";

function routes(...names: string[]): Route[] {
  return names.map((name) => {
    const [method, path] = name.split(" ");
    return { method, path } as Route;
  });
}

const APIS = [
  {
    prefixes: [""],
    routes: routes("GET /v1/jobs", "POST /v1/jobs", "GET /v1/jobs/:jobID", "POST /v1/jobs/:jobID/trigger"),
  },
  {
    prefixes: ["", "/api"],
    routes: routes(
      "POST /v1/private/local-runners/jobs",
      "POST /v1/private/local-runners/:id/jobs/next",
      "POST /v1/private/traces/batch",
    ),
  },
];

describe("the route that was meant by", () => {
  test.for<[request: string, meant: string | undefined]>([
    ["POST /v1/job", "POST /v1/jobs"],
    ["PUT /v1/jobs", "GET /v1/jobs"],
    ["POST /jobs", "POST /v1/jobs"],
    ["POST /api/v1/jobs", "POST /v1/jobs"],
    ["POST /v1/jobs/7/triger", "POST /v1/jobs/:jobID/trigger"],
    ["GET /v1/jobs/7/stats", "GET /v1/jobs/:jobID"],
    ["POST /v1/private/local-runners/7/jobs", "POST /v1/private/local-runners/:id/jobs/next"],
    ["POST /api/v1/private/trace/batch", "POST /api/v1/private/traces/batch"],
    ["POST /private/traces/batch/", "POST /v1/private/traces/batch"],
    ["POST /v1/datasets", undefined],
    ["GET /", undefined],
    ["GET /favicon.ico", undefined],
    ["GET /v1/jobs/a/b/c/d/e", undefined],
    [`GET /v1/jobs${"/jobs".repeat(100_000)}`, undefined],
  ])("%s", ([request, meant]) => {
    const [method = "", path = ""] = request.split(" ");
    expect(nearestRoute(method, path, APIS)).toBe(meant);
  });
});

test("the event of a request without a route says which one was meant", async () => {
  const { call, seen } = await startTestServer();
  await call("POST", "/v1/job/7/triggr", { body: {} });
  await call("GET", "/nowhere");
  const reasons = seen.flatMap(({ name, payload }) =>
    name === "http:request:answered" ? [(payload as { reason?: string }).reason] : [],
  );
  expect(reasons).toEqual([
    "There is no such route. Did you mean POST /v1/jobs/:jobId/trigger?",
    "There is no such route.",
  ]);
});
