import { describe, expect, test, vi } from "vitest";
import { NearestRoutes } from "../../src/http/nearest-route.ts";
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
    expect(new NearestRoutes(APIS).find(method, path)).toBe(meant);
  });
});

test("the routes are read for the first unknown path alone", () => {
  let reads = 0;
  const route = (path: string): Route => ({
    ...({ method: "GET" } as Route),
    get path() {
      reads += 1;
      return path;
    },
  });
  const nearest = new NearestRoutes([{ prefixes: ["", "/api"], routes: [route("/v1/jobs"), route("/v1/runs/:id")] }]);
  expect(reads).toBe(0);
  nearest.find("GET", "/v1/job");
  expect(reads).toBe(2);
  expect(nearest.find("GET", "/v1/job")).toBe("GET /v1/jobs");
  expect(nearest.find("GET", "/v1/run/7")).toBe("GET /v1/runs/:id");
  expect(reads).toBe(2);
});

test("an unknown path is compared again only when other ones came meanwhile", () => {
  const compared = vi.spyOn(String.prototype, "toLowerCase");
  const nearest = new NearestRoutes(APIS);
  const comparisonsOf = (path: string): number => {
    compared.mockClear();
    nearest.find("GET", path);
    return compared.mock.calls.length;
  };
  try {
    expect(comparisonsOf("/v1/job")).toBeGreaterThan(0);
    expect(comparisonsOf("/v1/job")).toBe(0);
    expect(comparisonsOf("/job/v1")).toBe(0);
    for (let other = 0; other < 200; other += 1) nearest.find("GET", `/unknown-${other}`);
    expect(comparisonsOf("/v1/job")).toBeGreaterThan(0);
  } finally {
    compared.mockRestore();
  }
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
