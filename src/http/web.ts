/* Only `lazy-web.ts` and what is loaded with the app import this file, because it makes a start slower. */
export { createEventStream, H3Event } from "h3";
export { NodeRequest, sendNodeResponse } from "srvx/node";

/** Returned to h3 for an answer that is sent already. */
export const SENT = new Response(null);
