import { STATUS_CODES } from "node:http";
import { CompressionStream } from "node:stream/web";
import { type H3Event, HTTPResponse } from "h3";
import { jsonSlices, streamOf } from "../core/json-slices.ts";
import { acceptsGzip, compress, type CompressionRules } from "./compression.ts";
import type { Answer, Api } from "./route.ts";

const NO_HEADERS = {};
const JSON_HEADERS = { "content-type": "application/json" };
/** Without a length an empty answer would be sent in chunks; a 204 must not carry one. */
const EMPTY_HEADERS = { "content-length": "0" };
const VARYING_HEADERS = { vary: "Accept-Encoding" };

/** A status line and headers; the headers may still be changed. */
interface Head {
  status: number;
  statusText: string;
  headers: Record<string, string>;
}

/** An answer as a response of h3. */
export interface Written {
  response: Response | HTTPResponse;
  /** The body, uncompressed; of a large one its beginning. `undefined` when there is none, or when it is not written here. */
  text: string | undefined;
}

/**
 * Converts an answer to a response of h3. A large one is serialized and sent in slices, between which other requests
 * are answered. JSON is compressed if the API does so and the client accepts it.
 * @param onError called with an error that occurs when it is partly sent
 * @throws an error, also in the promise, when the body or a header cannot be written
 */
export async function toResponse(
  answer: Answer,
  api: Api,
  event: H3Event,
  onError: (error: unknown) => void,
): Promise<Written> {
  const { status, body, text } = answer;
  const { method } = event.req;
  const compression = api.compression?.methods.has(method) ? api.compression : undefined;
  const headers = headersOf(answer, compression !== undefined);
  const head: Head = { status, statusText: STATUS_CODES[status] ?? "", headers };
  if (text !== undefined)
    return withText(text, method === "HEAD" ? onlyLength(text, head) : new HTTPResponse(text, head));
  if (body === undefined && answer.slices === undefined) return withText(undefined, new HTTPResponse(null, head));
  const { slices = jsonSlices(body) } = answer;
  const first = slices.next().value ?? "";
  const second = slices.next();
  if (method === "HEAD") {
    slices.return();
    // The length of a large body would be known only after all of it was written.
    return withText(first, second.done === true ? onlyLength(first, head) : new HTTPResponse(null, head));
  }
  const isCompressed = compression !== undefined && wantsCompression(first, head, compression, event);
  if (isCompressed) headers["content-encoding"] = "gzip";
  if (second.done === true)
    return withText(first, new HTTPResponse(isCompressed ? await compress(first) : first, head));
  const stream = streamOf([first, second.value], slices, onError);
  return withText(
    first,
    new HTTPResponse(isCompressed ? stream.pipeThrough(new CompressionStream("gzip")) : stream, head),
  );
}

function withText(text: string | undefined, response: HTTPResponse): Written {
  // The headers are made when they are asked for, and one that cannot be sent is an error then.
  void response.headers;
  return { response, text };
}

function headersOf({ status, body, slices, text, headers }: Answer, varies: boolean): Record<string, string> {
  const ofEmpty = status === 204 ? NO_HEADERS : EMPTY_HEADERS;
  const ofBody = body === undefined && slices === undefined ? ofEmpty : JSON_HEADERS;
  return { ...(text === undefined ? ofBody : NO_HEADERS), ...(varies ? VARYING_HEADERS : NO_HEADERS), ...headers };
}

/** The answer to `HEAD`: the length that the answer to `GET` has. */
function onlyLength(text: string, head: Head): HTTPResponse {
  head.headers["content-length"] = String(Buffer.byteLength(text));
  return new HTTPResponse(null, head);
}

/** Only answers of success are compressed, as by Opik's server. */
function wantsCompression(text: string, { status }: Head, { minBytes }: CompressionRules, event: H3Event): boolean {
  const isLongEnough = text.length >= minBytes || Buffer.byteLength(text) >= minBytes;
  return isLongEnough && status < 300 && acceptsGzip(event.req.headers.get("accept-encoding"));
}
