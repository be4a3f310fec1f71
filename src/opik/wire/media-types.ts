import type { RequestEvent, RequestHeaders } from "../../http/request-event.ts";
import { RequestRefused } from "../../http/route.ts";
import { OpikError } from "./errors.ts";

const JSON_TYPE = /^\s*application\/json\s*(?:;|$)/i;
const ANY_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;
const ACCEPTS_JSON = /\*\/\*|application\/(?:\*|json|octet-stream)/;

/**
 * Checks the types of a request's body and of its answer as the real server does [opik 1.1].
 * @returns the type of the answer, if the client asks for JSON with parameters such as `charset=utf-8`
 * @throws RequestRefused 415 for a body that is not JSON, 406 for a client that accepts no JSON
 * @throws OpikError 400 without a body for a `Content-Type` that names no type
 */
export function checkMediaTypes(event: RequestEvent): string | undefined {
  checkBodyType(event, isJsonType);
  const accept = event.req.headers.get("accept");
  if (!accept) return undefined;
  if (!ACCEPTS_JSON.test(accept)) throw new RequestRefused(406, "HTTP 406 Not Acceptable");
  return accept.includes(";") ? jsonTypeIn(accept) : undefined;
}

/** Whether a `Content-Type` is the one of JSON. */
export function isJsonType(type: string | null): boolean {
  return type !== null && JSON_TYPE.test(type);
}

/**
 * Checks the type of a request's body, also when there is none, and where none is read.
 * @param isTaken whether the endpoint takes bodies of a `Content-Type`
 * @throws RequestRefused 415
 * @throws OpikError 400 without a body for a `Content-Type` that names no type
 */
export function checkBodyType({ req: { headers } }: RequestEvent, isTaken: (type: string) => boolean): void {
  const type = headers.get("content-type");
  const isRefused = type === null ? hasBody(headers) : !isTaken(type);
  if (isRefused && type !== null && !ANY_TYPE.test(type))
    throw OpikError.withoutBody(400, `The Content-Type ${type} names no type`);
  if (isRefused) throw new RequestRefused(415, "HTTP 415 Unsupported Media Type");
}

function hasBody(headers: RequestHeaders): boolean {
  return headers.get("transfer-encoding") !== null || Number(headers.get("content-length") ?? 0) > 0;
}

/** The type of JSON with its parameters, if the client wants none more than that one. */
function jsonTypeIn(accept: string): string | undefined {
  const ranges = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const quality = parameters.find((parameter) => /^q=/i.test(parameter));
    return {
      type: type.toLowerCase(),
      parameters: parameters.filter((parameter) => parameter !== quality && parameter !== ""),
      quality: quality === undefined ? 1 : Number(quality.slice(2)),
    };
  });
  const [best] = ranges
    .filter(({ type }) => ACCEPTS_JSON.test(type))
    .toSorted((one, other) => other.quality - one.quality);
  if (best?.type !== "application/json" || best.parameters.length === 0) return undefined;
  return [best.type, ...best.parameters].join(";");
}
