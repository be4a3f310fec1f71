import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import type { HttpEvents } from "../../src/http/events.ts";
import { LazyApp } from "../../src/http/lazy-app.ts";
import { listen } from "../../src/http/listener.ts";
import type { MethodRules } from "../../src/http/methods.ts";
import { type Answer, type Api, type Method, RequestRefused, type Route } from "../../src/http/route.ts";

function route(method: Method, path: string, answer: () => Answer): Route {
  return {
    method,
    path,
    operation: { id: `${method} ${path}`, tag: "Test", summary: "", responses: {} },
    handle: (event) => {
      const { id, name } = event.context.params ?? {};
      const { status, body = { id, name }, ...rest } = answer();
      return Promise.resolve({ status, body, ...rest });
    },
  } as Route;
}

/** An app that answers errors as text, and the requests that it reported. */
function createTestApp(...apis: Array<{ prefix?: string; owns?: string; routes: Route[]; methods?: MethodRules }>) {
  const events = new EventBus<HttpEvents>({ now: () => 0, onListenerError: () => undefined });
  const seen: unknown[] = [];
  events.onAny(({ payload, name }) => seen.push({ name, ...(payload as object) }));
  let readings = 0;
  const [first, ...others] = apis.map(({ prefix = "", owns = "/", ...api }): Api => ({
    ...api,
    prefixes: [prefix],
    owns: (path) => path.startsWith(owns),
    toAnswer: (error) =>
      error instanceof RequestRefused
        ? { status: error.status, body: `${owns}: ${error.message}`, headers: error.headers }
        : { status: 500, body: "failed" },
  }));
  if (first === undefined) throw new Error("an app has an API");
  const app = new LazyApp({
    apis: [first, ...others],
    allowedHosts: [],
    allowedOrigins: [],
    clock: new VirtualClock(),
    monotonicTime: () => (readings += 5),
    events,
  });
  const request = async (method: string, path: string) => {
    const response = await app.request(path, { method });
    return { status: response.status, allow: response.headers.get("allow"), body: await response.text() };
  };
  return { app, request, seen };
}

const ok = (): Answer => ({ status: 200 });

describe("an app", () => {
  test("names all methods of a path", async () => {
    const { request } = createTestApp({
      routes: [route("GET", "/things/:id", ok), route("DELETE", "/things/:id", ok)],
    });
    expect(await request("GET", "/things/1")).toMatchObject({ status: 200, body: '{"id":"1"}' });
    expect(await request("DELETE", "/things/1")).toMatchObject({ status: 200, body: '{"id":"1"}' });
    expect(await request("PUT", "/things/1")).toMatchObject({ status: 405, allow: "GET,DELETE,HEAD" });
  });

  test("lets the API that owns a path say that it is not there, else the first one", async () => {
    const { request } = createTestApp({ routes: [], owns: "/first" }, { routes: [], owns: "/second" });
    expect(await request("GET", "/second/x")).toMatchObject({ status: 404, body: '"/second: HTTP 404 Not Found"' });
    expect(await request("GET", "/elsewhere")).toMatchObject({ status: 404, body: '"/first: HTTP 404 Not Found"' });
  });

  test("reports each request once it is answered, with the reason when it failed", async () => {
    const error = new Error("broken");
    const fail = (): never => {
      throw error;
    };
    const { request, seen } = createTestApp({ routes: [route("GET", "/well", ok), route("POST", "/ill", fail)] });
    await request("GET", "/well?secret=1");
    expect(await request("POST", "/ill")).toMatchObject({ status: 500, body: '"failed"' });
    const answered = { name: "http:request:answered", durationMs: 5, routine: false };
    expect(seen).toEqual([
      { ...answered, method: "GET", path: "/well", status: 200 },
      { name: "http:request:failed", method: "POST", path: "/ill", error },
      { ...answered, method: "POST", path: "/ill", status: 500 },
    ]);
  });

  test("answers in the API's shape when writing an answer fails, reports why, and undoes what was assigned", async () => {
    const error = new RangeError("Invalid string length");
    const body = {
      get content(): never {
        throw error;
      },
    };
    const undone: string[] = [];
    const tooLarge = route("GET", "/large", () => ({ status: 200, body, onUndelivered: () => undone.push("job") }));
    const { request, seen } = createTestApp({ routes: [tooLarge] });
    expect(await request("GET", "/large")).toMatchObject({ status: 500, body: '"failed"' });
    expect(seen).toEqual([
      { name: "http:request:failed", method: "GET", path: "/large", error },
      { name: "http:request:answered", method: "GET", path: "/large", status: 500, durationMs: 5, routine: false },
    ]);
    expect(undone).toEqual(["job"]);
  });

  test("answers in the API's shape when a header cannot be sent, reports it, and undoes what was assigned", async () => {
    const undone: string[] = [];
    const unsendable = route("GET", "/header", () => ({
      status: 200,
      headers: { "x-name": "line\nbreak" },
      onUndelivered: () => undone.push("job"),
    }));
    const { request, seen } = createTestApp({ routes: [unsendable] });
    expect(await request("GET", "/header")).toMatchObject({ status: 500, body: '"failed"' });
    expect(seen).toEqual([
      expect.objectContaining({ name: "http:request:failed", path: "/header" }),
      expect.objectContaining({ name: "http:request:answered", path: "/header", status: 500 }),
    ]);
    expect(undone).toEqual(["job"]);
  });

  test.each([
    ["status", { status: 99 }],
    ["header name", { status: 200, headers: { "x name": "1" } }],
    ["body with a status without one", { status: 204, slices: ["[1,", "2]"].values() as Generator<string, void> }],
  ])("answers in the API's shape over the network when a %s cannot be sent, and reports it", async (_what, answer) => {
    const { app, seen } = createTestApp({ routes: [route("GET", "/thing", () => answer)] });
    const listener = await listen(app, "127.0.0.1", 0);
    onTestFinished(() => listener.close(0));
    const response = await fetch(`${listener.url}/thing`);
    expect([response.status, await response.text()]).toEqual([500, '"failed"']);
    expect(seen).toContainEqual({
      ...{ name: "http:request:failed", method: "GET", path: "/thing" },
      error: expect.any(Error) as Error,
    });
  });

  test("refuses a path that is not valid UTF-8 in the API's shape", async () => {
    const { request, seen } = createTestApp({ routes: [], owns: "/first" }, { routes: [], owns: "/second" });
    expect(await request("GET", "/second/%ff")).toMatchObject({ status: 400, body: '"/second: HTTP 400 Bad Request"' });
    expect(seen).toEqual([expect.objectContaining({ name: "http:request:answered", status: 400 })]);
  });

  test("sends an answer without a body with its length, and a 204 without one", async () => {
    const app = new LazyApp({
      apis: [
        {
          prefixes: [""],
          owns: () => true,
          toAnswer: () => ({ status: 500 }),
          routes: [201, 204].map((status) => ({
            ...route("POST", `/${status}`, ok),
            handle: () => Promise.resolve({ status }),
          })),
        },
      ],
      allowedHosts: [],
      allowedOrigins: [],
      clock: new VirtualClock(),
      events: new EventBus<HttpEvents>({ now: () => 0, onListenerError: () => undefined }),
    });
    const lengthOf = async (path: string) =>
      (await app.request(path, { method: "POST" })).headers.get("content-length");
    expect(await lengthOf("/201")).toBe("0");
    expect(await lengthOf("/204")).toBeNull();
  });
});

describe("an API with rules of its own for methods", () => {
  const rules: MethodRules = {
    headIsGet: false,
    triesOtherPaths: true,
    answer: (event, methods) => ({ status: 299, body: `${event.req.method} of ${methods.join(" ")}` }),
  };
  const things = [route("POST", "/things/next", ok), route("GET", "/things/:id", ok), route("POST", "/:name/logs", ok)];

  test("answers methods that a path does not have, also HEAD", async () => {
    const { request } = createTestApp({ routes: things, methods: rules });
    expect(await request("OPTIONS", "/things/next")).toMatchObject({ status: 299, body: '"OPTIONS of POST"' });
    expect(await request("HEAD", "/things/1")).toMatchObject({ status: 299 });
  });

  test("tries a path as another one, with that one's parameters", async () => {
    const { request } = createTestApp({ prefix: "/api", routes: things, methods: rules });
    expect(await request("GET", "/api/things/next")).toMatchObject({ status: 200, body: '{"id":"next"}' });
    expect(await request("POST", "/api/things/logs/")).toMatchObject({ status: 200, body: '{"name":"things"}' });
    expect(await request("PUT", "/api/things/next")).toMatchObject({ status: 299, body: '"PUT of POST"' });
  });
});
