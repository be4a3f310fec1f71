import { RequestRefused } from "../../http/route.ts";
import { pathOf } from "../../http/target.ts";

/** The limit of a request target, in bytes: that of the real server. */
const LONGEST_TARGET = 8_192;

/**
 * What Jetty takes for ambiguous in a path: an empty segment, an escaped slash, backslash or zero, dots that are
 * escaped and characters that must be.
 */
const AMBIGUOUS = /\/\/|%(?:2f|5c|00)|(?:^|\/)(?=[^/]*%2e)(?:\.|%2e){1,2}(?:\/|$)|[^\x21-\x7e]|[{}\\#"<>^`|]/i;

/**
 * Refuses targets that the real server does not route at all [opik 1.1]; its body is a page of
 * html there.
 * @throws RequestRefused 400, 414
 */
export function checkTarget(target: string): void {
  if (target.length > LONGEST_TARGET) throw new RequestRefused(414, "HTTP 414 URI Too Long");
  if (AMBIGUOUS.test(pathOf(target))) throw new RequestRefused(400, "HTTP 400 Bad Request");
}
