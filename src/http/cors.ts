import type { RequestEvent } from "./request-event.ts";
import type { Answer } from "./route.ts";
import { addFields } from "./written-response.ts";

/** Headers of answers that scripts read, beyond those that browsers always show. */
const EXPOSED_HEADERS = "location, retry-after";
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
/** How long a browser may cache the answer to a preflight request, in seconds. */
const MAX_AGE_SECONDS = "600";

/** Adds the CORS headers that let pages of `origin` read the answer to this request, errors included. */
export function allowOrigin(event: RequestEvent, origin: string): void {
  addFields(event, {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": EXPOSED_HEADERS,
    // This replaces the answer's own field, which may name the encoding.
    vary: "origin, accept-encoding",
  });
}

/** The answer to a preflight request; `undefined` for any other request. */
export function preflightAnswer(event: RequestEvent): Answer | undefined {
  const { headers, method } = event.req;
  if (method !== "OPTIONS" || !headers.has("access-control-request-method")) return undefined;
  const requested = headers.get("access-control-request-headers");
  return {
    status: 204,
    routine: true,
    headers: {
      "access-control-allow-methods": METHODS,
      "access-control-max-age": MAX_AGE_SECONDS,
      ...(requested === null ? {} : { "access-control-allow-headers": requested }),
    },
  };
}
