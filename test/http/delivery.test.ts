import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { SystemClock } from "../../src/core/clock.ts";
import { EventBus } from "../../src/core/events.ts";
import type { HttpEvents } from "../../src/http/events.ts";
import { LazyApp } from "../../src/http/lazy-app.ts";
import { listen } from "../../src/http/listener.ts";
import type { RequestEvent } from "../../src/http/request-event.ts";
import type { Route } from "../../src/http/route.ts";

const POLL = "POST /poll HTTP/1.1\r\nHost: localhost\r\n\r\n";
const POLL_AND_CLOSE = "POST /poll HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

const POLL_FOR_GZIP = "POST /poll HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n";

describe.each([
  ["on a connection that stays open", POLL, "1"],
  ["on a connection that is to be closed", POLL_AND_CLOSE, "1"],
  ["compressed", POLL_FOR_GZIP, "1".repeat(1_000)],
  ["compressed in another thread", POLL_FOR_GZIP, "1".repeat(200_000)],
])("an answer that assigns something, %s", (_name, request, id) => {
  test("is undone when the client left before it", async () => {
    const server = await startServer(id);
    const client = await server.connectAndPoll(request);
    client.destroy();
    const { signal } = (await server.request).req;
    if (!signal.aborted) await once(signal, "abort");
    server.answer();
    await server.untilUndelivered();
  });

  test("is undone when the client leaves in the very moment of the answer", async () => {
    const server = await startServer(id);
    const client = await server.connectAndPoll(request);
    await server.request;
    // The operating system knows at once; the server reads of it after it has written.
    client.destroy();
    server.answer();
    await server.untilUndelivered();
  });

  test("is undone when the server has just closed the connection", async () => {
    const server = await startServer(id);
    await server.connectAndPoll(request);
    const event = await server.request;
    server.answer();
    // Its close event comes in the next turn of the event loop, after the answer was written to nowhere.
    event.runtime?.node?.req.socket.destroy();
    await server.untilUndelivered();
  });

  test("is undone when it came as far as the client's computer, but the client left without reading it", async () => {
    const server = await startServer(id);
    const client = await server.connectAndPoll(request);
    client.pause();
    const { res } = (await server.request).runtime!.node!;
    server.answer();
    await once(res!, "close");
    expect(server.onUndelivered).not.toHaveBeenCalled();
    client.destroy();
    await server.untilUndelivered();
  });

  test.for(["destroy", "end"] as const)("is acknowledged when the client read it and left (%s)", async (leave) => {
    const server = await startServer(id);
    const client = await server.connectAndPoll(request);
    const { socket } = (await server.request).runtime!.node!.req;
    server.answer();
    await once(client, "data");
    expect(server.onDelivered).not.toHaveBeenCalled();
    const closed = untilClosed(socket);
    client[leave]();
    await closed;
    expect(server.onDelivered).toHaveBeenCalledOnce();
    expect(server.onUndelivered).not.toHaveBeenCalled();
  });

  test("is neither acknowledged nor undone when it is the server that closes the connection", async () => {
    const server = await startServer(id);
    const client = await server.connectAndPoll(request);
    client.pause();
    const { req, res } = (await server.request).runtime!.node!;
    server.answer();
    await once(res!, "close");
    const closed = untilClosed(req.socket);
    await server.close();
    await closed;
    expect(server.onDelivered).not.toHaveBeenCalled();
    expect(server.onUndelivered).not.toHaveBeenCalled();
  });
});

describe("an answer that assigns something", () => {
  test("is acknowledged when the client sends another request on the connection, however that one ends", async () => {
    const server = await startServer();
    const client = await server.connectAndPoll(POLL);
    const { socket } = (await server.request).runtime!.node!.req;
    server.answer();
    await once(client, "data");
    client.write("GET /elsewhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(client, "data");
    expect(server.onDelivered).toHaveBeenCalledOnce();
    const closed = untilClosed(socket);
    client.resetAndDestroy();
    await closed;
    expect(server.onDelivered).toHaveBeenCalledOnce();
    expect(server.onUndelivered).not.toHaveBeenCalled();
  });

  test("is acknowledged at once when its caller is in the same process", async () => {
    const server = await startServer();
    server.answer();
    await server.app.request("/poll", { method: "POST" });
    expect(server.onDelivered).toHaveBeenCalledOnce();
  });

  test("that cannot be undone is reported as an error, and the server goes on", async () => {
    const server = await startServer();
    const error = new Error("the disk is full");
    server.onUndelivered.mockImplementation(() => {
      throw error;
    });
    const failures: Array<HttpEvents["http:request:failed"]> = [];
    server.events.on("http:request:failed", (failure) => failures.push(failure));
    const client = await server.connectAndPoll(POLL);
    client.destroy();
    const { signal } = (await server.request).req;
    if (!signal.aborted) await once(signal, "abort");
    server.answer();
    await expect.poll(() => failures).toEqual([{ method: "POST", path: "/poll", error }]);
  });
});

/** However it closes: with an error as well. */
function untilClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** A server with one route, `POST /poll`, which is answered with an id when the test says so. */
async function startServer(id = "1") {
  const received = Promise.withResolvers<RequestEvent>();
  const answered = Promise.withResolvers<void>();
  const onDelivered = vi.fn<() => void>();
  const onUndelivered = vi.fn<() => void>();
  const events = new EventBus<HttpEvents>({ now: () => 0, onListenerError: () => undefined });
  const poll: Route = {
    method: "POST",
    path: "/poll",
    operation: { id: "poll", tag: "Test", summary: "Poll", responses: { 200: undefined } },
    handle: async (event) => {
      received.resolve(event);
      await answered.promise;
      return { status: 200, body: { id }, onDelivered, onUndelivered };
    },
  };
  const api = {
    prefixes: [""],
    routes: [poll],
    compression: { methods: new Set(["POST"]), minBytes: 256 },
    owns: () => true,
    toAnswer: () => ({ status: 404, body: null }),
  };
  const app = new LazyApp({ apis: [api], allowedHosts: [], allowedOrigins: [], clock: new SystemClock(), events });
  const listener = await listen(app, "127.0.0.1", 0);
  onTestFinished(() => listener.close(0));
  const connectAndPoll = async (request: string): Promise<Socket> => {
    const client = connect(listener.port, "127.0.0.1");
    onTestFinished(() => {
      client.destroy();
    });
    await once(client, "connect");
    client.write(request);
    return client;
  };
  const untilUndelivered = async (): Promise<void> => {
    await expect.poll(() => onUndelivered.mock.calls.length).toBe(1);
    expect(onDelivered).not.toHaveBeenCalled();
  };
  return {
    app,
    connectAndPoll,
    request: received.promise,
    answer: () => answered.resolve(),
    close: () => listener.close(0),
    onDelivered,
    onUndelivered,
    untilUndelivered,
    events,
  };
}
