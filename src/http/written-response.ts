import { type IncomingMessage, type ServerResponse, STATUS_CODES, validateHeaderValue } from "node:http";
import type { RequestEvent } from "./request-event.ts";
import type { Answer } from "./route.ts";

/** Header fields by their names in lower case. */
export type HeaderFields = Record<string, string>;

/** A response of a route, or one that is written from its answer. */
export type AnyResponse = Response | WrittenResponse;

/** The header fields that are added to the answer of a request, in its context. */
const ADDED_FIELDS = Symbol("added fields");

/** A status, header fields and a body: a text, bytes, a stream or none. Headers are checked when it is made. */
export class WrittenResponse {
  readonly status: number;
  readonly statusText: string;
  readonly fields: Readonly<HeaderFields>;
  readonly body: string | Buffer | ReadableStream | null;

  /** @throws TypeError for a header that cannot be sent */
  constructor(status: number, fields: Readonly<HeaderFields>, body: WrittenResponse["body"]) {
    for (const name in fields) validateHeaderValue(name, fields[name] as string);
    this.status = status;
    this.statusText = STATUS_CODES[status] ?? "";
    this.fields = fields;
    this.body = body;
  }

  /**
   * Writes the response to the connection of its request, without a `Response` and its `Headers` in between, which cost
   * more than the rest of a small answer.
   * @returns whether it did: not without a connection, nor a stream
   */
  sendTo({ runtime }: RequestEvent): boolean {
    const connection = runtime?.node?.res as ServerResponse<IncomingMessage> | undefined;
    const { body, status, statusText } = this;
    if (connection === undefined || isStream(body)) return false;
    const list: string[] = [];
    for (const name in this.fields) list.push(name, this.fields[name] as string);
    if (body !== null) list.push("content-length", String(Buffer.byteLength(body)));
    connection.writeHead(status, statusText, list);
    connection.end(body ?? undefined);
    return true;
  }

  /** The same for what sends only responses. */
  toResponse(): Response {
    const { status, statusText, fields, body } = this;
    return new Response(body as ConstructorParameters<typeof Response>[0], { status, statusText, headers: fields });
  }
}

/** Whether a body is a stream. `instanceof` would make Node load its streams of the web. */
function isStream(body: WrittenResponse["body"]): body is ReadableStream {
  return typeof body === "object" && body !== null && !Buffer.isBuffer(body);
}

/** Whether a route has made a response instead of an answer. `instanceof` would make Node load undici (`NodeEvent`). */
export function isResponse(answer: Answer | AnyResponse): answer is Response {
  return Symbol.toStringTag in answer && answer[Symbol.toStringTag] === "Response";
}

/** The header fields of a response. */
export function fieldsOf(response: AnyResponse): Readonly<HeaderFields> {
  return isResponse(response) ? Object.fromEntries(response.headers) : response.fields;
}

/** Adds header fields to the answer of a request, whichever it will be; they replace its own. */
export function addFields({ context }: RequestEvent, fields: Readonly<HeaderFields>): void {
  Object.assign(context, { [ADDED_FIELDS]: fields });
}

/** A response with the fields that were added. */
export function withAddedFields(response: AnyResponse, { context }: RequestEvent): AnyResponse {
  if (!(ADDED_FIELDS in context)) return response;
  const fields = { ...fieldsOf(response), ...(context[ADDED_FIELDS] as HeaderFields) };
  const { status, statusText, body } = response;
  if (isResponse(response)) return new Response(response.body, { status, statusText, headers: fields });
  return new WrittenResponse(status, fields, body as WrittenResponse["body"]);
}
