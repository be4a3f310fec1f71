import { describe, expect, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { readBodyText } from "../../src/http/body.ts";
import type { HttpEvents } from "../../src/http/events.ts";
import type { Interceptor } from "../../src/http/interceptor.ts";
import { LazyApp } from "../../src/http/lazy-app.ts";
import { type Answer, RequestRefused, type Route } from "../../src/http/route.ts";
import { WrittenResponse } from "../../src/http/written-response.ts";

/** An app with one route, `POST /echo`, around which the interceptors are hung. */
function createTestApp(interceptors: readonly Interceptor[], answer: Partial<Answer> = {}) {
  const echo: Route = {
    method: "POST",
    path: "/echo",
    operation: { id: "echo", tag: "Test", summary: "", responses: {} },
    handle: async (event) => {
      const body = await readBodyText(event, 1_000);
      if (body === "broken") throw new Error(body);
      return { status: 200, body, ...answer };
    },
  };
  const app = new LazyApp({
    apis: [
      {
        prefixes: [""],
        owns: () => true,
        routes: [echo],
        toAnswer: (error) =>
          error instanceof RequestRefused
            ? { status: error.status, body: error.message }
            : { status: 500, body: "failed" },
      },
    ],
    allowedHosts: [],
    allowedOrigins: [],
    clock: new VirtualClock(1_000),
    monotonicTime: () => 0,
    events: new EventBus<HttpEvents>({ now: () => 0, onListenerError: () => undefined }),
    interceptors,
  });
  return async (path: string, body: string, headers: Record<string, string> = {}) => {
    const response = await app.request(path, { method: "POST", body, headers });
    return { status: response.status, text: await response.text() };
  };
}

/** An interceptor that writes down what it is called with. */
function recorder(name: string, steps: unknown[]): Interceptor {
  return {
    routed: ({ route, receivedAt }) => void steps.push([name, "routed", route?.operation.id, receivedAt]),
    written: ({ body }, { status, text, reason }) =>
      void steps.push([name, "written", body?.toString(), status, text, reason]),
    sending: (_exchange, response) => {
      steps.push([name, "sending", response.status]);
      return response;
    },
    delivered: (_exchange, isRead) => void steps.push([name, "delivered", isRead]),
  };
}

describe("an interceptor", () => {
  test("is called at each step, in the order of the list", async () => {
    const steps: unknown[] = [];
    const request = createTestApp([recorder("first", steps), recorder("second", steps)], {
      onDelivered: () => steps.push("read"),
    });
    expect(await request("/echo", "hello")).toEqual({ status: 200, text: '"hello"' });
    expect(steps).toEqual([
      ["first", "routed", "echo", 1_000],
      ["second", "routed", "echo", 1_000],
      ["first", "written", "hello", 200, '"hello"', undefined],
      ["second", "written", "hello", 200, '"hello"', undefined],
      ["first", "sending", 200],
      ["second", "sending", 200],
      "read",
      ["first", "delivered", true],
      ["second", "delivered", true],
    ]);
  });

  test("sees requests without a route, refused and failed ones, but not what the guard refuses as routed", async () => {
    const steps: unknown[] = [];
    const request = createTestApp([recorder("it", steps)]);
    await request("/ecko", "hello");
    await request("/echo", "broken");
    await request("/echo", "hello", { host: "evil.example" });
    expect(steps.filter((step) => (step as unknown[])[1] !== "sending")).toEqual([
      ["it", "routed", undefined, 1_000],
      ["it", "written", undefined, 404, '"HTTP 404 Not Found"', "There is no such route. Did you mean POST /echo?"],
      ["it", "routed", "echo", 1_000],
      ["it", "written", "broken", 500, '"failed"', undefined],
      ["it", "written", undefined, 403, expect.stringContaining("evil.example"), expect.any(String)],
    ]);
  });

  test("answers instead of the route, and those behind it are not asked", async () => {
    const steps: unknown[] = [];
    const request = createTestApp([{ routed: async () => ({ status: 503, body: "no" }) }, recorder("second", steps)]);
    expect(await request("/echo", "hello")).toEqual({ status: 503, text: '"no"' });
    expect(steps).toEqual([
      ["second", "written", undefined, 503, '"no"', undefined],
      ["second", "sending", 503],
    ]);
  });

  test("that fails before the route is answered as an error", async () => {
    const request = createTestApp([
      {
        routed: () => {
          throw new Error("broken");
        },
      },
    ]);
    expect(await request("/echo", "hello")).toEqual({ status: 500, text: '"failed"' });
  });

  test("replaces the response that is sent, and one that loses it has its assignment undone", async () => {
    const steps: string[] = [];
    const request = createTestApp(
      [
        {
          sending: (exchange) => {
            exchange.isLost = true;
            return new WrittenResponse(299, {}, "lost");
          },
          delivered: (_exchange, isRead) => void steps.push(`delivered: ${isRead}`),
        },
      ],
      { onDelivered: () => steps.push("read"), onUndelivered: () => steps.push("undone") },
    );
    expect(await request("/echo", "hello")).toEqual({ status: 299, text: "lost" });
    expect(steps).toEqual(["undone", "delivered: false"]);
  });

  test("may read the body before the route does", async () => {
    const read: string[] = [];
    const request = createTestApp([
      {
        routed: async ({ event }) => {
          read.push(await readBodyText(event, 1_000));
          return undefined;
        },
      },
    ]);
    expect(await request("/echo", "hello")).toEqual({ status: 200, text: '"hello"' });
    expect(read).toEqual(["hello"]);
  });
});
