import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

/** What came back. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  /** The body as sent, to the byte; of a compressed one what it contains. */
  text: string;
  /** The body read as JSON; `undefined` when it is empty or not JSON. */
  json: unknown;
}

/** What a request carries besides its method and path. */
export interface CallOptions {
  /** Text and bytes are sent as they are, everything else as JSON. A body has `Content-Type: application/json` unless the headers say otherwise. */
  body?: unknown;
  /** `undefined` leaves a header out that would be sent by default. */
  headers?: Record<string, string | undefined>;
  /** Compress the body, as Opik's Python SDK does. */
  gzip?: boolean;
  /** Aborting it destroys the connection. */
  signal?: AbortSignal;
}

/** A request that is on its way. */
export interface PendingCall {
  /** Resolves when the last byte of the request has been handed to the operating system. */
  sent: Promise<void>;
  reply: Promise<Reply>;
}

/** Sends requests to one server, each on a connection of its own, so that tests never share state by keep-alive. */
export interface Caller {
  /** Where it sends them. */
  readonly baseUrl: string;
  (method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Sends a request without waiting for its answer: for long-polls. */
  start(method: string, path: string, options?: CallOptions): PendingCall;
}

/**
 * @param baseUrl scheme, host, port and, when it is not the root, a path such as `/api`
 * @param common headers of every request that does not say otherwise
 */
export function createCaller(baseUrl: string, common: Readonly<Record<string, string>> = {}): Caller {
  const pathOfBase = new URL(baseUrl).pathname.replace(/\/$/, "");
  const start = (method: string, path: string, options: CallOptions = {}): PendingCall => {
    const body = toBytes(options);
    const outgoing = request(baseUrl, {
      method,
      // To the letter: as a part of the URL, dots would be resolved and characters escaped.
      path: pathOfBase + path,
      agent: false,
      headers: { ...common, ...toHeaders(body, options) },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const reply = readReply(outgoing);
    outgoing.end(body);
    const sent = new Promise<void>((resolve) => outgoing.once("finish", resolve));
    return { sent, reply };
  };
  return Object.assign((method: string, path: string, options?: CallOptions) => start(method, path, options).reply, {
    start,
    baseUrl,
  });
}

function toBytes({ body, gzip }: CallOptions): Buffer | undefined {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return gzip ? gzipSync(bytes) : bytes;
}

function toHeaders(body: Buffer | undefined, { headers, gzip }: CallOptions): Record<string, string> {
  const all: Record<string, string | undefined> = {
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": String(body.length) }),
    ...(gzip ? { "content-encoding": "gzip" } : {}),
    ...headers,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function readReply(outgoing: ClientRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (incoming: IncomingMessage) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", reject);
      incoming.once("end", () => {
        const bytes = Buffer.concat(chunks);
        const isGzip = incoming.headers["content-encoding"] === "gzip" && bytes.length > 0;
        const text = (isGzip ? gunzipSync(bytes) : bytes).toString("utf8");
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: readJson(text) });
      });
    });
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
