import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { nextTurn } from "../core/slices.ts";
import type { App } from "./lazy-app.ts";
import { RequestRefused } from "./route.ts";

/** The error that Node's parser reports for a connection. */
interface ParserError extends Error {
  code?: string;
  /** The bytes that were parsed last. */
  rawPacket?: Buffer;
}

const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers requests that Node cannot parse, or would answer itself, in the shape of the API that owns their path. A
 * connection with an answer half-written on it is closed.
 */
export function answerBrokenRequests(server: Server, app: App): void {
  const responses = new WeakMap<Socket, ServerResponse>();
  server.on("request", (request, response) => responses.set(request.socket, response));
  server.on("clientError", (error: ParserError, stream) => {
    const socket = stream as Socket;
    const canAnswer = (): boolean => {
      const current = responses.get(socket);
      return socket.writable && (current?.headersSent !== true || current.writableFinished);
    };
    if (!canAnswer()) {
      socket.destroy();
      return;
    }
    const answer = respond(app, firstLineOf(error), STATUSES[error.code ?? ""] ?? 400);
    void endWith(socket, behindOthers(answer, canAnswer));
  });
  server.on("checkExpectation", (request) => refuseRequest(app, request, 417));
}

/** Answers a request that was parsed, but that no route may see. */
export function refuseRequest(app: App, request: IncomingMessage, status: number): void {
  void endWith(request.socket, respond(app, { method: request.method ?? "GET", path: request.url ?? "/" }, status));
}

/**
 * Lets the answer to the request before it on the connection go first, which may just be made.
 * @throws Error when the connection cannot carry an answer any more
 */
async function behindOthers(answer: Promise<string>, canAnswer: () => boolean): Promise<string> {
  const text = await answer;
  await nextTurn();
  if (!canAnswer()) throw new Error("an answer is half-written on the connection");
  return text;
}

/** Writes the answer and closes the connection; without an answer it is closed at once. */
async function endWith(socket: Socket, answer: Promise<string>): Promise<void> {
  try {
    socket.end(await answer);
  } catch {
    socket.destroy();
  }
}

interface FirstLine {
  method: string;
  path: string;
}

/** Asks the app, so that the refusal is reported like any other, and writes its answer as HTTP. */
async function respond(app: App, { method, path }: FirstLine, status: number): Promise<string> {
  const refusal = new RequestRefused(status, `HTTP ${status} ${STATUS_CODES[status] ?? ""}`);
  // `*` is the target of no resource: a path that was not read must not be that of the page.
  const url = URL.canParse(path, "http://localhost") && path.startsWith("/") ? path : "/*";
  const response = await app.request(
    new Request(`http://localhost${url}`, { method: knownMethod(method) }),
    undefined,
    {
      refusal,
    },
  );
  const body = method === "HEAD" ? "" : await response.text();
  const headers = [...response.headers].filter(([name]) => name !== "content-length" && name !== "connection");
  const lines = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A method with which the app can be asked; `Request` refuses some. */
function knownMethod(method: string): string {
  return ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].includes(method) ? method : "GET";
}

function firstLineOf({ rawPacket }: ParserError): FirstLine {
  const line = rawPacket?.toString("latin1").split("\n", 1)[0] ?? "";
  const [method = "", path = ""] = /^[A-Z]+ \S+/.test(line) ? line.split(/[ \r]/) : [];
  return { method, path: path.slice(0, 1_000) };
}
