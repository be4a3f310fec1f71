import type { RequestEvent } from "./request-event.ts";
import { RequestRefused } from "./route.ts";

/** A path with segments that a URL leaves out: it would be routed as the path that is left. */
const DOT_SEGMENTS = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/** The scheme and the host of a request target in absolute form. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?]*/i;

/**
 * The path and the query of a request as the client sent them, before dots are resolved and characters are escaped.
 * Without a connection they are not known, and what the event has is returned.
 */
export function targetOf(event: RequestEvent): string {
  return event.runtime?.node?.req.url?.replace(ORIGIN, "") ?? event.url.pathname + event.url.search;
}

/** The path of a target. */
export function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}

/**
 * Refuses paths that mean another one than they say. No route is reached by them.
 * @throws RequestRefused 404
 */
export function refuseDotSegments(target: string): void {
  if (DOT_SEGMENTS.test(pathOf(target))) throw new RequestRefused(404, "HTTP 404 Not Found");
}
