import { describe, expect, test } from "vitest";
import { PathTree } from "../../src/http/path-tree.ts";
import type { Api, Method, Route } from "../../src/http/route.ts";
import { ServedPaths } from "../../src/http/served-paths.ts";
import { startTestServer } from "../support/server.ts";

function route(method: Method, path: string): Route {
  const operation = { id: `${method} ${path}`, tag: "", summary: "", responses: {} };
  return { method, path, operation, handle: () => Promise.resolve({ status: 200 }) };
}

function api(prefixes: readonly string[], ...routes: Route[]): Api {
  return { prefixes, routes, owns: () => true, toAnswer: () => ({ status: 500 }) };
}

/** The operations that answer a path, its parameters, and the prefix. */
function found(paths: ServedPaths, path: string): object | undefined {
  const { value, parameters } = paths.find(path) ?? {};
  return value && { prefix: value.prefix, ids: value.routes.map(({ operation }) => operation.id), ...parameters };
}

const THINGS = api(
  ["", "/api"],
  route("GET", "/"),
  route("GET", "/v1/things"),
  route("GET", "/v1/things/:id"),
  route("POST", "/v1/things/next"),
  route("DELETE", "/v1/things/:id"),
  route("GET", "/v1/:kind/all"),
);
const FILES = api([""], route("GET", "/files/**"), route("GET", "/v1/things"));

describe("the paths of two APIs", () => {
  test.each([
    ["/", { prefix: "", ids: ["GET /"] }],
    ["/api", { prefix: "/api", ids: ["GET /"] }],
    ["/v1/things", { prefix: "", ids: ["GET /v1/things"] }],
    ["/v1/things/", { prefix: "", ids: ["GET /v1/things"] }],
    ["/v1/things/1", { prefix: "", ids: ["GET /v1/things/:id", "DELETE /v1/things/:id"], id: "1" }],
    ["/v1/things/next", { prefix: "", ids: ["POST /v1/things/next"] }],
    ["/v1/things/all", { prefix: "", ids: ["GET /v1/things/:id", "DELETE /v1/things/:id"], id: "all" }],
    ["/v1/parts/all", { prefix: "", ids: ["GET /v1/:kind/all"], kind: "parts" }],
    ["/api/v1/things/next", { prefix: "/api", ids: ["POST /v1/things/next"] }],
    ["/files", { prefix: "", ids: ["GET /files/**"] }],
    ["/files/a/b/c/d/e/f/g/h/i/j", { prefix: "", ids: ["GET /files/**"] }],
    ["/v1", undefined],
    ["/v1/parts", undefined],
    ["/api/files/a", undefined],
    [`/${"a/".repeat(10_000)}`, undefined],
  ])("%s is found, whatever was looked for before", (path, expected) => {
    const paths = new ServedPaths([THINGS, FILES]);
    expect(found(paths, path)).toEqual(expected);
    for (const other of ["/v1/parts/all", "/api/v1/things", "/files/x", "/v1/things"]) paths.find(other);
    expect(found(paths, path)).toEqual(expected);
  });
});

test("routes are created with the first request that needs them", () => {
  const ping = route("GET", "/ping");
  let created = 0;
  const late: Api = {
    ...api(["", "/api"]),
    firstRoutes: [ping],
    get routes() {
      created += 1;
      return [ping, route("GET", "/things/:id")];
    },
  };
  const paths = new ServedPaths([late]);
  expect(found(paths, "/ping")).toEqual({ prefix: "", ids: ["GET /ping"] });
  expect(found(paths, "/api/ping/")).toEqual({ prefix: "/api", ids: ["GET /ping"] });
  expect(created).toBe(0);
  expect(found(paths, "/api/things/1")).toEqual({ prefix: "/api", ids: ["GET /things/:id"], id: "1" });
  expect(found(paths, "/things")).toBeUndefined();
  expect(found(paths, "/ping")).toEqual({ prefix: "", ids: ["GET /ping"] });
  expect(created).toBe(1);
});

test("paths that differ only in the names of their parameters are refused", () => {
  const paths = new ServedPaths([api([""], route("GET", "/things/:id"), route("DELETE", "/things/:name"))]);
  expect(() => paths.find("/things/1")).toThrow("The paths /things/:id and /things/:name need the same names");
});

test("the server has no such paths", async () => {
  const { call } = await startTestServer();
  const { json } = await call("GET", "/openapi.json");
  const templates = Object.keys((json as { paths: object }).paths);
  expect(templates.length).toBeGreaterThan(300);
  const tree = new PathTree<string>();
  for (const path of templates) {
    const template = path.replaceAll(/\{(\w+)\}/g, ":$1");
    tree.add(template, template);
  }
  expect(tree.find("/v1/private/projects/1")?.value).toMatch(/^\/v1\/private\/projects\/:\w+$/);
});
