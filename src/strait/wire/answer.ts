import { jsonSlices, shortJson } from "../../core/json-slices.ts";
import { RawJson, stringifyJson } from "../../core/json.ts";
import type { Answer } from "../../http/route.ts";

/** On every answer of this API [strait 0.4]. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-api-version": "v1",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-xss-protection": "0",
  "content-security-policy": "default-src 'none'",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  "x-permitted-cross-domain-policies": "none",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  pragma: "no-cache",
  vary: "Origin",
};

/** A `null` that an answer shows: Go writes it for an empty slice in a map, but a plain `null` is left out here. */
export const SHOWN_NULL: RawJson = new RawJson("null");

/** The characters that Go's JSON encoder escapes, so that JSON can stand inside HTML and JavaScript. */
const ESCAPED_BY_GO = /[<>&\u2028\u2029]/g;

/** JSON text with the escapes of Go's encoder. They stand only inside strings, where the escape means the same. */
export function escapeAsGo(json: string): string {
  return json.replace(ESCAPED_BY_GO, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Writes JSON as the real server does: as Go's encoder, with a line feed at the end [strait 0.2]. */
export function writeGoJson(value: unknown): string {
  return `${escapeAsGo(stringifyJson(value))}\n`;
}

/** Does what `writeGoJson` does, in slices: a page of large runs need not be one text. */
export function* goJsonSlices(value: unknown): Generator<string, void> {
  let written: string | undefined;
  for (const slice of jsonSlices(value)) {
    if (written !== undefined) yield written;
    written = escapeAsGo(slice);
  }
  yield `${written ?? ""}\n`;
}

/** Gives an answer its text and the headers of this API. Without a body it has none [strait 0.2]. */
export function jsonAnswer(answer: Answer): Answer {
  return withBody(answer, (body) => ({ text: writeGoJson(body) }));
}

/** Does what `jsonAnswer` does for an answer that is not kept: a large one is written in slices. */
export function slicedAnswer(answer: Answer): Answer {
  return withBody(answer, (body) => {
    const short = shortJson(body);
    return short === undefined ? { slices: goJsonSlices(body) } : { text: `${escapeAsGo(short)}\n` };
  });
}

function withBody(answer: Answer, write: (body: unknown) => Pick<Answer, "text" | "slices">): Answer {
  const headers = { ...SECURITY_HEADERS, ...answer.headers };
  if (answer.text !== undefined || answer.body === undefined) return { ...answer, headers };
  const { body, ...rest } = answer;
  return { ...rest, ...write(body), headers: { "content-type": "application/json", ...headers } };
}
