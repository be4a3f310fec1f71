import { type IncomingMessage, type ServerResponse, STATUS_CODES, validateHeaderValue } from "node:http";
import type { H3Event } from "h3";
import { HTTPResponse } from "./web.ts";

/** Header fields by their names in lower case. */
export type HeaderFields = Record<string, string>;

/** Marks a request whose answer gets headers from h3, such as those that let a page of another origin read it. */
const HAS_HEADERS = Symbol("has headers");

/** A status, header fields and a body: a text, bytes, a stream or none. Headers are checked when it is made. */
export class WrittenResponse extends HTTPResponse {
  readonly fields: Readonly<HeaderFields>;

  /** @throws TypeError for a header that cannot be sent */
  constructor(status: number, fields: Readonly<HeaderFields>, body: string | Buffer | ReadableStream | null) {
    super(body, { status, statusText: STATUS_CODES[status] ?? "", headers: fields });
    for (const name in fields) validateHeaderValue(name, fields[name] as string);
    this.fields = fields;
  }

  /**
   * Writes the response to the connection of its request, without a `Response` and its `Headers` in between, which cost
   * more than the rest of a small answer.
   * @returns whether it did: not without a connection, nor a stream, nor when h3 has headers to add
   */
  sendTo({ runtime, context }: H3Event): boolean {
    const connection = runtime?.node?.res as ServerResponse<IncomingMessage> | undefined;
    const { body, status = 200, statusText } = this;
    if (connection === undefined || HAS_HEADERS in context || body instanceof ReadableStream) return false;
    const list: string[] = [];
    for (const name in this.fields) list.push(name, this.fields[name] as string);
    const content = (body ?? undefined) as string | Buffer | undefined;
    if (content !== undefined) list.push("content-length", String(Buffer.byteLength(content)));
    connection.writeHead(status, statusText, list);
    connection.end(content);
    return true;
  }
}

/** The headers that h3 adds to the answer of a request. */
export function addedHeaders(event: H3Event): Headers {
  Object.assign(event.context, { [HAS_HEADERS]: true });
  return event.res.headers;
}
