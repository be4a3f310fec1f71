import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { H3Event } from "h3";
import { NodeRequest } from "srvx/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { NodeEvent } from "../../src/http/node-event.ts";
import type { RequestEvent } from "../../src/http/request-event.ts";

interface Received {
  client: Socket;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Sends the head of a request. @returns what Node makes of it */
async function receive(...lines: string[]): Promise<Received> {
  const server = createServer({ requireHostHeader: false }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [[request, response]] = await Promise.all([
    once(server, "request") as Promise<[IncomingMessage, ServerResponse]>,
    client.write([...lines, "", ""].join("\r\n")),
  ]);
  return { client, request, response };
}

/** What handlers read of a request. */
function partsOf({ req, url }: RequestEvent, names: readonly string[]): object {
  const { origin, pathname, search, searchParams } = url;
  return {
    ...{ method: req.method, origin, pathname, search, query: [...searchParams] },
    fields: names.map((name) => [name, req.headers.get(name), req.headers.has(name)]),
    all: [...req.headers],
  };
}

const HOST = "Host: localhost:5173";

describe("reads a request as h3 does", () => {
  test.each([
    ["a plain path", ["GET /v1/private/projects HTTP/1.1", HOST]],
    ["a query", ["GET /projects?name=a%20b+c&size=&x=1&x=2&=y&z&%ff=%zz HTTP/1.1", HOST]],
    ["an empty query", ["DELETE /projects? HTTP/1.1", HOST]],
    ["a query with characters that a URL encodes", [`GET /projects?a="'<>\`{}|^ HTTP/1.1`, HOST]],
    ["dots in a path", ["GET /a/./b/../c.d HTTP/1.1", HOST]],
    ["characters in a path that a URL encodes", ['GET /a"b<c>d{e}f|g^h`i\\j HTTP/1.1', HOST]],
    ["a double slash", ["GET //example.org/a HTTP/1.1", HOST]],
    ["a host in capitals with the default port", ["GET / HTTP/1.1", "Host: LOCALHOST:80"]],
    ["an IPv6 address", ["GET / HTTP/1.1", "Host: [::1]:8080"]],
    ["repeated fields", ["GET / HTTP/1.1", HOST, "X-A: 1", "x-a: 2", "Authorization: a", "Authorization: b"]],
    ["cookies", ["GET / HTTP/1.1", HOST, "Cookie: a=1", "Cookie: b=2"]],
    ["an empty field", ["GET / HTTP/1.1", HOST, "X-Empty:", "Accept:  text/html  "]],
  ])("%s", async (_name, lines) => {
    const { request, response } = await receive(...lines);
    const names = ["host", "X-A", "authorization", "cookie", "x-empty", "accept", "missing", "constructor"];
    const event = NodeEvent.from(request, response);
    expect(event && partsOf(event, names)).toEqual(
      partsOf(new H3Event(new NodeRequest({ req: request, res: response })), names),
    );
  });
});

describe("leaves to h3", () => {
  test.each([
    ["an encoded path", ["GET /projects/a%20b HTTP/1.1", HOST]],
    ["a target in absolute form", ["GET http://localhost/projects HTTP/1.1", HOST]],
    ["the target of no resource", ["OPTIONS * HTTP/1.1", HOST]],
    ["a request without a host", ["GET / HTTP/1.0"]],
    ["a host with a user", ["GET / HTTP/1.1", "Host: user@localhost"]],
    ["a port that is none", ["GET / HTTP/1.1", "Host: localhost:99999"]],
  ])("%s", async (_name, lines) => {
    const { request, response } = await receive(...lines);
    expect(NodeEvent.from(request, response)).toBeUndefined();
  });
});

describe("the signal", () => {
  test("is aborted when the client leaves before the answer", async () => {
    const { client, request, response } = await receive("GET / HTTP/1.1", HOST);
    const signal = NodeEvent.from(request, response)?.req.signal;
    expect(signal?.aborted).toBe(false);
    client.destroy();
    await once(response, "close");
    expect(signal?.aborted).toBe(true);
  });

  test("is aborted from the start when the client has left already", async () => {
    const { client, request, response } = await receive("GET / HTTP/1.1", HOST);
    client.destroy();
    await once(response, "close");
    expect(NodeEvent.from(request, response)?.req.signal.aborted).toBe(true);
  });

  test("is not aborted behind the answer", async () => {
    const { client, request, response } = await receive("GET / HTTP/1.1", HOST);
    const signal = NodeEvent.from(request, response)?.req.signal;
    response.end("answered");
    client.end();
    await once(response, "close");
    expect(signal?.aborted).toBe(false);
  });
});
