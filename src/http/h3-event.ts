import type { H3Event } from "h3";
import { web } from "./lazy-web.ts";
import type { RequestEvent } from "./request-event.ts";

/**
 * The event of h3 for a request whose body was not read yet: libraries need it, or its `Request`.
 * @throws Error before h3 is loaded
 */
export function toH3Event(event: RequestEvent): H3Event {
  const { H3Event, NodeRequest } = web();
  if (event instanceof H3Event) return event;
  const { node } = event.runtime ?? {};
  if (node === undefined) throw new Error("This is no request of Node");
  return new H3Event(new NodeRequest(node));
}
