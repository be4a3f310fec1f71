import { H3, type H3Event } from "h3";
import type { Dispatcher } from "undici";
import { redactBody, redactHeaders, redactQuery } from "../../admin/journal/redact.ts";
import { computerMonotonicTime } from "../../core/clock.ts";
import { decodeBody } from "./encoding.ts";
import { ORIGIN, type RecordedExchange, type RecordedPart } from "./exchange.ts";

/** Headers of one connection, which are not passed on [RFC 9110, 7.6.1], and those that sending sets anew. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te", "trailer", "expect"],
  ...["host", "content-length", "accept-encoding"],
]);
/** Headers of answers that have no meaning when they are replayed. */
const UNRECORDED_HEADERS: ReadonlySet<string> = new Set([...OWN_HEADERS, "date", "server", "set-cookie"]);
const STREAMED = /^(?:text\/event-stream|application\/(?:x-)?ndjson)/i;
const BAD_GATEWAY = 502;
const CLIENT_GONE = "the client has closed the connection";
/** Statuses of answers that have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
const STATUSES = { first: 200, last: 599 };

export interface RecorderOptions {
  /** The server to which requests are sent on. */
  upstream: URL;
  /** Called with each exchange when its answer was sent. */
  onRecorded?: (exchange: RecordedExchange) => void;
  /** Called when there was no answer. */
  onFailed?: (method: string, path: string, reason: string) => void;
}

/** Sends requests on to a server, and records them with their answers. */
export class Recorder {
  /** The exchanges, in the order in which their requests came. */
  readonly exchanges: RecordedExchange[] = [];
  readonly app: H3 = new H3();
  readonly #options: RecorderOptions;
  /** The prefix of the paths of requests: an origin, and perhaps the beginning of a path. */
  readonly #base: string;
  readonly #beganAt = computerMonotonicTime();
  /** Answers that are still being sent. */
  readonly #open = new Set<Promise<void>>();
  #dispatcher: Dispatcher | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#base = options.upstream.origin + options.upstream.pathname.replace(/\/+$/, "");
    this.app.all("/**", (event) => this.#pass(event));
  }

  /** Resolves when the answers that are being sent are recorded. Call it after the last request. */
  async settled(): Promise<void> {
    await Promise.all(this.#open);
    await this.#dispatcher?.destroy();
  }

  async #pass(event: H3Event): Promise<Response> {
    const { req, url } = event;
    const received = this.#now();
    const { onFailed } = this.#options;
    const path = url.pathname + url.search;
    try {
      const bytes = req.body === null ? undefined : Buffer.from(await req.arrayBuffer());
      const answer = await this.#send(event, path, bytes);
      const headers = answerHeaders(answer.headers, (value) => value.replaceAll(this.#base, url.origin));
      const exchange: RecordedExchange = {
        ...{ method: req.method, path: url.pathname + redactQuery(url.search) },
        ...(bytes === undefined || bytes.length === 0 ? {} : { body: recordedBody(bytes, req.headers, url.pathname) }),
        ...{ received, status: answer.statusCode, answered: received },
        headers: recordedHeaders(answer.headers, this.#base),
      };
      this.exchanges.push(exchange);
      const body = this.#tap(answer.body, exchange, { pathname: url.pathname, signal: req.signal });
      return new Response(body, { status: answer.statusCode, headers });
    } catch (error) {
      const reason = req.signal.aborted ? CLIENT_GONE : (error as Error).message;
      onFailed?.(req.method, url.pathname, reason);
      const body = { message: `opik-local record: ${this.#base} did not answer: ${reason}` };
      return Response.json(body, { status: BAD_GATEWAY });
    }
  }

  async #send({ req }: H3Event, path: string, body: Buffer | undefined): Promise<Dispatcher.ResponseData> {
    const { Agent, request } = await import("undici");
    // A long poll may take as long as the server wants.
    this.#dispatcher ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    for (const [name, value] of req.headers) if (!OWN_HEADERS.has(name)) headers[name] = value;
    const answer = await request(this.#base + path, {
      ...{ method: req.method as Dispatcher.HttpMethod, headers, signal: req.signal },
      ...{ body: body ?? null, dispatcher: this.#dispatcher },
    });
    if (answer.statusCode >= STATUSES.first && answer.statusCode <= STATUSES.last) return answer;
    void answer.body.dump();
    throw new Error(`its status is ${answer.statusCode}`);
  }

  /**
   * The body of an answer on its way to the client; it is recorded when its end was sent. Of an answer that was cut off,
   * only the parts of a stream are kept: half of anything else would be replayed as if it were all.
   */
  #tap(
    body: Dispatcher.ResponseData["body"],
    exchange: RecordedExchange,
    { pathname, signal }: { pathname: string; signal: AbortSignal },
  ): ReadableStream<Uint8Array> | null {
    const { onRecorded, onFailed } = this.#options;
    const parts: Array<{ at: number; bytes: Buffer }> = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#open.add(promise);
    const end = (cutOff?: string): void => {
      if (!this.#open.delete(promise)) return;
      if (cutOff !== undefined && !isStreamed(exchange)) {
        this.exchanges.splice(this.exchanges.indexOf(exchange), 1);
        onFailed?.(exchange.method, pathname, cutOff);
      } else {
        Object.assign(exchange, { answered: this.#now(), ...recordedAnswer(exchange, parts, pathname) });
        onRecorded?.(exchange);
      }
      resolve();
    };
    if (WITHOUT_BODY.has(exchange.status) || exchange.method === "HEAD") {
      void body.dump().then(
        () => end(),
        () => end(),
      );
      return null;
    }
    // Also of a client that has gone before the first part.
    signal.addEventListener("abort", () => end(CLIENT_GONE));
    const source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { done, value } = await source.next();
          if (done === true) {
            end();
            controller.close();
            return;
          }
          parts.push({ at: this.#now(), bytes: value });
          controller.enqueue(value);
        } catch (error) {
          end("it was cut off");
          controller.error(error);
        }
      },
      cancel: () => {
        end(CLIENT_GONE);
        body.destroy();
      },
    });
  }

  #now(): number {
    return Math.round(computerMonotonicTime() - this.#beganAt);
  }
}

function answerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  change: (value: string) => string,
): Headers {
  const passed = new Headers();
  for (const [name, values] of Object.entries(headers)) {
    if (OWN_HEADERS.has(name) || values === undefined) continue;
    for (const value of [values].flat()) passed.append(name, change(value));
  }
  return passed;
}

function recordedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  origin: string,
): Record<string, string> {
  const pairs = [...answerHeaders(headers, (value) => value.replaceAll(origin, ORIGIN))];
  return redactHeaders(pairs.filter(([name]) => !UNRECORDED_HEADERS.has(name)));
}

function recordedBody(bytes: Buffer, headers: Headers, pathname: string): string {
  const decoded = decodeBody(bytes, headers.get("content-encoding")) ?? bytes;
  return redactBody(decoded.toString("utf8"), pathname);
}

function isStreamed({ headers }: RecordedExchange): boolean {
  return STREAMED.test(headers["content-type"] ?? "");
}

/** An answer is recorded as it was before it was compressed, so that its secrets are redacted, and its ids replaced. */
function recordedAnswer(
  exchange: RecordedExchange,
  parts: ReadonlyArray<{ at: number; bytes: Buffer }>,
  pathname: string,
): Partial<Pick<RecordedExchange, "answer" | "answer_base64" | "parts" | "headers">> {
  const { "content-encoding": encoding, ...headers } = exchange.headers;
  if (isStreamed(exchange) && encoding === undefined) {
    const decoder = new TextDecoder();
    const texts = parts.map(({ at, bytes }): RecordedPart => ({
      at,
      text: redactBody(decoder.decode(bytes, { stream: true }), pathname),
    }));
    return { parts: texts };
  }
  const sent = Buffer.concat(parts.map(({ bytes }) => bytes));
  if (sent.length === 0) return {};
  const decoded = decodeBody(sent, encoding);
  const rest = decoded === undefined ? {} : { headers };
  const whole = decoded ?? sent;
  try {
    return { ...rest, answer: redactBody(new TextDecoder("utf-8", { fatal: true }).decode(whole), pathname) };
  } catch {
    return { ...rest, answer_base64: whole.toString("base64") };
  }
}
