import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startTestServer } from "../support/server.ts";

/** Sends bytes on a connection of their own and reads until the server closes it. */
async function exchange(url: string, sent: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  socket.write(sent, "latin1");
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.once("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers, "", ""].join("\r\n");
}

/** Requests by what is wrong with them, and the status of the answer; none where the connection is just closed. */
const HOSTILE: ReadonlyArray<readonly [name: string, sent: string, status: number | undefined]> = [
  ["malformed percent-encoding", get("/x/%zz"), 400],
  ["percent-encoding that is no UTF-8", get("/x/%ff"), 400],
  ["half an escape", get("/x/%"), 400],
  ["an empty segment", get("/v1/private//local-runners"), 400],
  ["two slashes at the beginning", get("//evil.example/v1"), 400],
  ["an escaped slash", get("/v1/private/x%2Flocal-runners"), 400],
  ["an escaped zero", get("/v1/private/local-runners/%00"), 400],
  ["escaped dots", get("/v1/private/x/%2e%2e/local-runners"), 400],
  ["dots of which one is escaped", get("/v1/private/x/.%2E/local-runners"), 400],
  ["dots", get("/is-alive/x/../ping"), 404],
  ["one dot", get("/is-alive/./ping"), 404],
  ["dots at the end", get("/is-alive/ping/x/.."), 404],
  ["dots in an absolute target", get("http://localhost/is-alive/x/../ping"), 404],
  ["dots towards the endpoints of our own", get("/v1/../__local/state"), 404],
  ["escaped dots towards the endpoints of our own", get("/__local/x/%2e%2e/state"), 404],
  ["a brace", get("/v1/private/{x}"), 400],
  ["a backslash", get("/v1\\private"), 400],
  ["a letter beyond ASCII", get("/v1/\xe9"), 400],
  ["a target of 20 kB", get(`/${"x".repeat(20_000)}`), 414],
  // Beyond what Node's parser takes it is not known whether the first line or a header is too long.
  ["a target without end", get(`/${"x".repeat(200_000)}`), 431],
  ["headers without end", get("/is-alive/ping", `X-Long: ${"x".repeat(200_000)}`), 431],
  ["a length that is no number", get("/is-alive/ping", "Content-Length: x"), 400],
  ["two lengths", get("/is-alive/ping", "Content-Length: 1", "Content-Length: 2"), 400],
  ["a length and chunks", get("/is-alive/ping", "Content-Length: 1", "Transfer-Encoding: chunked"), 400],
  ["a header without a name", get("/is-alive/ping", ": x"), 400],
  ["a header with a zero", get("/is-alive/ping", "X: a\0b"), 400],
  ["an expectation that is not known", get("/is-alive/ping", "Expect: miracles"), 417],
  ["no Host", "GET /is-alive/ping HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
  ["a Host with a port that is none", get("/is-alive/p{ng").replace("localhost", "localhost:99999"), 400],
  ["a method that is not known", "FOO /is-alive/ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
  ["a method that no route has", get("/is-alive/ping").replace("GET", "PROPFIND"), 405],
  ["TRACE", get("/is-alive/ping").replace("GET", "TRACE"), 405],
  ["no HTTP at all", "hello\r\n\r\n", 400],
  ["a version that does not exist", "GET /is-alive/ping HTTP/9.9\r\nHost: localhost\r\n\r\n", 400],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["HTTP/1.0", "GET /is-alive/ping HTTP/1.0\r\n\r\n", 200],
  ["an absolute target", get("http://localhost/is-alive/ping"), 200],
  ["a target of another scheme", get("ftp://localhost/nothing"), 404],
  ["the target of OPTIONS *", get("*").replace("GET", "OPTIONS"), 404],
  ["an upgrade", get("/is-alive/ping", "Upgrade: websocket").replace("close", "upgrade, close"), 200],
  ["an upgrade of HTTP", get("/is-alive/ping", "Upgrade: h2c", "HTTP2-Settings: AAA"), 200],
  ["CONNECT", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", undefined],
  [
    "a chunk whose length is none",
    "POST /v1/private/local-runners/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    400,
  ],
];

/** What an error is in one of the three APIs. */
const SHAPE =
  /^\{(?:"code":\d+,"message":"[^"]+"|"error":\{"message":"[^"]+"\}|"error":\{"code":"\w+","message":"[^"]+"\},"request_id":"[^"]+")\}\n?$/;

test.for(HOSTILE)("a request with %s is answered in the shape of an API", async ([, sent, status]) => {
  const { url, call } = await startTestServer();
  const answer = await exchange(url, sent);
  if (status === undefined) expect(answer).toBe("");
  else {
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\S`));
    if (status >= 400) {
      expect(body).toMatch(SHAPE);
      expect(head).toMatch(/^content-type: application\/json$/im);
    }
  }
  // The server has survived it.
  expect((await call("GET", "/is-alive/ping")).status).toBe(200);
});

test("a connection that has an answer half-written on it is closed, not written to", async () => {
  const { url, call } = await startTestServer();
  const answer = await exchange(url, `${get("/is-alive/ping").replace("close", "keep-alive")}nonsense\r\n\r\n`);
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
  expect((await call("GET", "/is-alive/ping")).status).toBe(200);
});
