import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { LongList } from "../../src/core/long-list.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { acceptsGzip } from "../../src/http/compression.ts";
import { LazyApp } from "../../src/http/lazy-app.ts";
import { listen } from "../../src/http/listener.ts";
import type { Answer, Route } from "../../src/http/route.ts";

const MEBIBYTE = 1024 * 1024;

test.each([
  [null, false],
  ["", false],
  ["gzip", true],
  ["GZIP", true],
  ["gzip, deflate", true],
  ["br;q=1.0, gzip;q=0.8, *;q=0.1", true],
  ["deflate,gzip ; q=1", true],
  ["gzip;q=0", false],
  ["gzip; q=0.000, deflate", false],
  ["gzip;q=0.001", true],
  ["x-gzip", false],
  ["gzipped", false],
  ["identity, *", false],
])("an Accept-Encoding of %j accepts gzip: %j", (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});

/** Serves one answer, compressed from 256 bytes, and asks for it. */
async function ask(answer: Answer, method = "GET", acceptEncoding = "gzip"): Promise<IncomingMessage> {
  const route: Route = {
    method: "GET",
    path: "/",
    operation: { id: "get", tag: "Test", summary: "", responses: {} },
    handle: () => Promise.resolve(answer),
  };
  const app = new LazyApp({
    apis: [
      {
        prefixes: [""],
        routes: [route],
        compression: { methods: new Set(["GET"]), minBytes: 256 },
        owns: () => true,
        toAnswer: () => ({ status: 500 }),
      },
    ],
    allowedHosts: [],
    allowedOrigins: [],
    clock: new VirtualClock(),
    events: new EventBus({ now: () => 0, onListenerError: () => undefined }),
  });
  const listener = await listen(app, "127.0.0.1", 0);
  onTestFinished(() => listener.close(0));
  const request = get(listener.url, { method, agent: false, headers: { "accept-encoding": acceptEncoding } });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

/** A list of so many texts of a mebibyte, which remembers how many were read and whether its reader left. */
function longList(count: number) {
  const state = { read: 0, left: false };
  const list = new LongList(function* () {
    try {
      for (; state.read < count; state.read += 1) yield ["x".repeat(MEBIBYTE)];
    } finally {
      state.left = true;
    }
  });
  return { list, state };
}

describe("a body", () => {
  test.each([
    ["one byte too short", "x".repeat(253), undefined],
    ["just long enough", "x".repeat(254), "gzip"],
    ["long enough in bytes, not in characters", "é".repeat(127), "gzip"],
    ["so long that it is compressed in another thread", "x".repeat(100_000), "gzip"],
  ])("that is %s is compressed accordingly", async (_name, body, encoding) => {
    const response = await ask({ status: 200, body });
    expect(response.headers).toMatchObject({ vary: "Accept-Encoding", "content-type": "application/json" });
    expect(response.headers["content-encoding"]).toBe(encoding);
    const bytes = await buffer(response);
    expect(response.headers["content-length"]).toBe(String(bytes.length));
    expect((encoding === undefined ? bytes : gunzipSync(bytes)).toString()).toBe(JSON.stringify(body));
  });

  test("that is sent in slices is compressed slice by slice", async () => {
    const { list } = longList(3);
    const response = await ask({ status: 200, body: list });
    expect(response.headers["content-encoding"]).toBe("gzip");
    const text = gunzipSync(await buffer(response)).toString();
    expect(text).toBe(JSON.stringify(Array(3).fill("x".repeat(MEBIBYTE))));
  });

  test("that is compressed slice by slice is no longer read when its client leaves", async () => {
    const { list, state } = longList(1_000_000);
    const response = await ask({ status: 200, body: list });
    response.destroy();
    await expect.poll(() => state.left).toBe(true);
  });

  test("of an error is not compressed", async () => {
    const response = await ask({ status: 404, body: "x".repeat(1_000) });
    expect(response.headers).toMatchObject({ vary: "Accept-Encoding", "content-length": "1002" });
    expect(response.headers).not.toHaveProperty("content-encoding");
  });

  test("is not compressed for a client that does not accept gzip", async () => {
    const response = await ask({ status: 200, body: "x".repeat(1_000) }, "GET", "deflate");
    expect(response.headers).toMatchObject({ vary: "Accept-Encoding", "content-length": "1002" });
    expect(response.headers).not.toHaveProperty("content-encoding");
  });
});

describe("the answer to HEAD", () => {
  test.each([
    ["JSON", { status: 200, body: "x".repeat(1_000) }, "1002"],
    ["text", { status: 200, text: "é" }, "2"],
    ["nothing", { status: 200 }, "0"],
  ])("has the length of %s, which is not compressed", async (_name, answer, length) => {
    const response = await ask(answer, "HEAD");
    expect(response.headers["content-length"]).toBe(length);
    expect(response.headers).not.toHaveProperty("vary");
    expect(response.headers).not.toHaveProperty("content-encoding");
  });

  test("has no length of a body that is sent in slices, and reads no more of it", async () => {
    const { list, state } = longList(1_000);
    const response = await ask({ status: 200, body: list }, "HEAD");
    expect(response.statusCode).toBe(200);
    expect(response.headers).not.toHaveProperty("content-length");
    expect(state).toEqual({ read: 1, left: true });
  });
});
