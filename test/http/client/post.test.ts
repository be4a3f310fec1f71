import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { post, type PostRequest } from "../../../src/http/client/post.ts";
import { answer, close, startExecutor } from "../../strait/dispatch/executor.ts";

const send = (url: string, request: Partial<PostRequest> = {}) =>
  post({ url, headers: {}, body: "{}", signal: new AbortController().signal, maxBytes: 1_000, ...request });

/** A server of bare connections. `behave` is given each one. */
async function startSockets(behave: (socket: Socket) => void = () => {}) {
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => {}).once("close", () => closed.resolve());
    socket.once("data", () => connected.resolve());
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, connected: connected.promise, closed: closed.promise };
}

describe("a POST", () => {
  test("says what it is asked to say, and gives status and body", async () => {
    const executor = await startExecutor(answer(202, "fine"));
    const url = `${executor.url}?a=%20b`;
    expect(await send(url, { headers: { "x-run-id": "1" }, body: "ü" })).toEqual({
      status: 202,
      body: Buffer.from("fine"),
    });
    const [asked] = executor.asked;
    expect(asked).toMatchObject({ method: "POST", path: "/run?a=%20b", body: "ü" });
    expect(asked?.headers).toMatchObject({ "x-run-id": "1", "content-length": "2", connection: "close" });
  });

  test("without a body has the length 0", async () => {
    const executor = await startExecutor();
    await send(executor.url, { body: undefined });
    expect(executor.asked[0]?.headers["content-length"]).toBe("0");
  });

  test("hands on the name and password of its address", async () => {
    const executor = await startExecutor();
    await send(executor.url.replace("//", "//me:p%40ss@"));
    expect(executor.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
  });

  test("has a connection of its own, which ends with it", async () => {
    const connections = new Set<Socket>();
    const server = createHttpServer((request, response) => {
      connections.add(request.socket);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await send(url);
    await send(url);
    expect(connections.size).toBe(2);
    // Resolves only when no connection is left.
    await new Promise((resolve) => server.close(resolve));
  });

  test("reads no more of an endless answer than it wants, and hangs up", async () => {
    const { address, closed } = await startSockets((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e8\r\n");
      socket.write(`${"x".repeat(1_000)}\r\n3\r\nand`);
    });
    const { body } = await send(`http://${address}/`, { maxBytes: 700 });
    expect(body.toString()).toBe("x".repeat(700));
    await closed;
  });
});

describe("a POST that fails says why", () => {
  test("when no server listens", async () => {
    const { address } = await startSockets();
    const [host] = address.split(":");
    await expect(send(`http://${host}:9/`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("when the name is unknown", async () => {
    await expect(send("http://nobody.invalid/")).rejects.toMatchObject({ syscall: "getaddrinfo" });
  });

  test("when the connection is closed without an answer", async () => {
    const executor = await startExecutor(close);
    await expect(send(executor.url)).rejects.toMatchObject({ code: "ECONNRESET", message: "socket hang up" });
  });

  test("when the connection is reset", async () => {
    const { address } = await startSockets((socket) => socket.once("data", () => socket.resetAndDestroy()));
    await expect(send(`http://${address}/`)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("when the connection is closed in the middle of the answer", async () => {
    const { address } = await startSockets((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"));
    });
    await expect(send(`http://${address}/`)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("when what answers is no HTTP", async () => {
    const { address } = await startSockets((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    await expect(send(`http://${address}/`)).rejects.toMatchObject({ code: "HPE_INVALID_CONSTANT" });
  });

  test("when what answers is no TLS", async () => {
    const executor = await startExecutor();
    await expect(send(executor.url.replace("http:", "https:"))).rejects.toMatchObject({
      code: "EPROTO",
    });
  });
});

describe("a POST that is aborted", () => {
  test.for([
    ["while it waits for the answer", "http", ""],
    ["while it reads the answer", "http", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"],
    ["while a TLS connection is being made", "https", ""],
  ] as const)("%s hangs up", async ([, protocol, said]) => {
    const { address, connected, closed } = await startSockets((socket) => socket.write(said));
    const call = new AbortController();
    const sent = send(`${protocol}://${address}/`, { signal: call.signal });
    await connected;
    call.abort(new Error("too late"));
    await expect(sent).rejects.toThrow("too late");
    await closed;
  });

  test("before it begins opens no connection", async () => {
    const executor = await startExecutor();
    await expect(send(executor.url, { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
    expect(executor.asked).toEqual([]);
  });
});
