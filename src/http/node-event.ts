import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestEvent, RequestHeaders } from "./request-event.ts";

/** A host as clients write it, with or without a port. */
const PLAIN_HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

/** A path from the root, without characters that h3 decodes. */
const PLAIN_PATH = /^\/[^%?]*(?:\?|$)/;

/**
 * A request from the network, without the classes of h3 and srvx: they extend `Request`, `Response` and `Headers`, whose
 * first use makes Node load undici, which takes a tenth of a start and 14 MB of memory.
 */
export class NodeEvent implements RequestEvent {
  readonly req: RequestEvent["req"];
  readonly url: URL;
  readonly context: RequestEvent["context"] = {};
  readonly runtime: RequestEvent["runtime"];

  /** @returns `undefined` for a request that h3 has to read: its path is encoded, or its host or target is unusual */
  static from(request: IncomingMessage, response: ServerResponse): NodeEvent | undefined {
    const { url: target = "" } = request;
    const { host = "" } = request.headers;
    if (!PLAIN_PATH.test(target) || !PLAIN_HOST.test(host)) return undefined;
    const url = URL.parse(`http://${host}${target}`);
    return url === null ? undefined : new NodeEvent(request, response, url);
  }

  private constructor(request: IncomingMessage, response: ServerResponse, url: URL) {
    this.req = new NodeRequest(request, response);
    this.url = url;
    this.runtime = { name: "node", node: { req: request, res: response } };
  }
}

/** Method, headers and end of a request of Node. */
class NodeRequest {
  readonly method: string;
  readonly headers: RequestHeaders;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #controller: AbortController | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.method = request.method ?? "GET";
    this.headers = new NodeHeaders(request);
    this.#request = request;
    this.#response = response;
  }

  /** Aborted when the connection has closed before the answer was written. */
  get signal(): AbortSignal {
    return (this.#controller ??= this.#watchConnection()).signal;
  }

  #watchConnection(): AbortController {
    const controller = new AbortController();
    const [request, response] = [this.#request, this.#response];
    const abort = (): void => {
      if (request.errored !== null) controller.abort(request.errored);
      else if (!response.writableEnded) controller.abort();
    };
    response.once("close", abort);
    const isGone = request.errored !== null || (request.destroyed && !request.complete);
    if (response.destroyed || isGone) abort();
    return controller;
  }
}

/** The header fields of a request of Node. */
class NodeHeaders implements RequestHeaders {
  readonly #request: IncomingMessage;
  #hasRepeated: boolean | undefined;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get(name: string): string | null {
    const key = name.toLowerCase();
    if (!Object.hasOwn(this.#request.headers, key)) return null;
    // Of some fields Node keeps only the first one in `headers`.
    const value = this.#isAnyRepeated() ? this.#request.headersDistinct[key] : this.#request.headers[key];
    return typeof value === "string" ? value : (value?.join(key === "cookie" ? "; " : ", ") ?? null);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#request.headers, name.toLowerCase());
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (const name of Object.keys(this.#request.headers).toSorted()) yield [name, this.get(name) ?? ""];
  }

  #isAnyRepeated(): boolean {
    const { headers, rawHeaders } = this.#request;
    return (this.#hasRepeated ??= Object.keys(headers).length * 2 !== rawHeaders.length);
  }
}
