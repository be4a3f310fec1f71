import { STATUS_CODES } from "node:http";
import { HTTPResponse } from "h3";
import { jsonSlices, streamOf } from "../core/json-slices.ts";
import type { Answer } from "./route.ts";

const JSON_HEADERS = { "content-type": "application/json" };
/** Without a length an empty answer would be sent in chunks; a 204 must not carry one. */
const EMPTY_HEADERS = { "content-length": "0" };

/**
 * Converts an answer to a response of h3. A large one is serialized and sent in slices, between which other requests
 * are answered.
 * @param onError called with an error that occurs when it is partly sent
 */
export function toResponse({ status, body, text, headers }: Answer, onError: (error: unknown) => void): HTTPResponse {
  const statusText = STATUS_CODES[status] ?? "";
  if (text !== undefined) return new HTTPResponse(text, { status, statusText, headers: { ...headers } });
  if (body === undefined) {
    return new HTTPResponse(null, {
      status,
      statusText,
      headers: { ...(status === 204 ? {} : EMPTY_HEADERS), ...headers },
    });
  }
  const slices = jsonSlices(body);
  const first = slices.next().value ?? "";
  const second = slices.next();
  const init = { status, statusText, headers: { ...JSON_HEADERS, ...headers } };
  if (second.done === true) return new HTTPResponse(first, init);
  return new HTTPResponse(streamOf(concat([first, second.value], slices), onError), init);
}

function* concat(first: Iterable<string>, rest: Iterable<string>): Generator<string, void> {
  yield* first;
  yield* rest;
}
