import { jsonSlices, shortJson, streamOf } from "../core/json-slices.ts";
import { acceptsGzip, compress, type CompressionRules } from "./compression.ts";
import type { RequestEvent } from "./request-event.ts";
import type { Answer, Api } from "./route.ts";
import { type HeaderFields, WrittenResponse } from "./written-response.ts";

const NO_HEADERS = {};
const JSON_HEADERS = { "content-type": "application/json" };
/** Without a length an empty answer would be sent in chunks; a 204 must not carry one. */
const EMPTY_HEADERS = { "content-length": "0" };
const VARYING_HEADERS = { vary: "Accept-Encoding" };

/** An answer as a response of h3. */
export interface Written {
  response: WrittenResponse;
  /** The body, uncompressed; of a large one its beginning. `undefined` when there is none, or when it is not written here. */
  text: string | undefined;
}

/**
 * Converts an answer to a response of h3. A large one is serialized and sent in slices, between which other requests
 * are answered. JSON is compressed if the API does so and the client accepts it.
 * @param onError called with an error that occurs when it is partly sent
 * @throws an error, also in the promise, when the body or a header cannot be written
 */
export function toResponse(
  answer: Answer,
  api: Api,
  event: RequestEvent,
  onError: (error: unknown) => void,
): Written | Promise<Written> {
  const { status, body, text } = answer;
  const { method } = event.req;
  const compression = api.compression?.methods.has(method) ? api.compression : undefined;
  const headers = headersOf(answer, compression !== undefined);
  if (text !== undefined) return whole(text, method, status, headers);
  if (body === undefined && answer.slices === undefined) {
    return { text: undefined, response: new WrittenResponse(status, headers, null) };
  }
  const short = answer.slices === undefined ? shortJson(body) : undefined;
  if (short !== undefined && (compression === undefined || !wantsCompression(short, status, compression, event))) {
    return whole(short, method, status, headers);
  }
  const { slices = jsonSlices(body) } = answer;
  const first = slices.next().value ?? "";
  const second = slices.next();
  if (method === "HEAD") {
    slices.return();
    // The length of a large body would be known only after all of it was written.
    if (second.done !== true) return { text: first, response: new WrittenResponse(status, headers, null) };
    return whole(first, method, status, headers);
  }
  const isCompressed = compression !== undefined && wantsCompression(first, status, compression, event);
  if (isCompressed) headers["content-encoding"] = "gzip";
  if (second.done === true) {
    return isCompressed ? compressed(first, status, headers) : whole(first, method, status, headers);
  }
  const stream = streamOf([first, second.value], slices, onError);
  const sent = isCompressed ? stream.pipeThrough(new CompressionStream("gzip")) : stream;
  return { text: first, response: new WrittenResponse(status, headers, sent) };
}

/** An answer whose body is one text; of `HEAD`, with the length that the answer to `GET` has. */
function whole(text: string, method: string, status: number, headers: HeaderFields): Written {
  if (method !== "HEAD") return { text, response: new WrittenResponse(status, headers, text) };
  headers["content-length"] = String(Buffer.byteLength(text));
  return { text, response: new WrittenResponse(status, headers, null) };
}

async function compressed(text: string, status: number, headers: HeaderFields): Promise<Written> {
  return { text, response: new WrittenResponse(status, headers, await compress(text)) };
}

function headersOf({ status, body, slices, text, headers }: Answer, varies: boolean): HeaderFields {
  const ofEmpty = status === 204 ? NO_HEADERS : EMPTY_HEADERS;
  const ofBody = body === undefined && slices === undefined ? ofEmpty : JSON_HEADERS;
  return { ...(text === undefined ? ofBody : NO_HEADERS), ...(varies ? VARYING_HEADERS : NO_HEADERS), ...headers };
}

/** Only answers of success are compressed, as by Opik's server. */
function wantsCompression(text: string, status: number, { minBytes }: CompressionRules, event: RequestEvent): boolean {
  const isLongEnough = text.length >= minBytes || Buffer.byteLength(text) >= minBytes;
  return isLongEnough && status < 300 && acceptsGzip(event.req.headers.get("accept-encoding"));
}
