import * as v from "valibot";
import type { Route } from "../../http/route.ts";
import type { DefineRunsRoute } from "../wire/route.ts";

/**
 * Reports whether the server is ready, without authentication; `/health` is answered by Opik's routes, for both APIs
 * [strait 0.8].
 */
export function healthRoutes(route: DefineRunsRoute<undefined>): Route[] {
  return [
    route({
      method: "GET",
      path: "/health/ready",
      id: "ready",
      tag: "System",
      summary: "Whether the server is ready",
      responses: { 200: v.object({ status: v.string() }) },
      handle: () => ({ status: 200, body: { status: "ready" } }),
    }),
  ];
}
