import * as v from "valibot";
import type { Route } from "../../http/route.ts";
import type { DefineLocalRoute } from "../route.ts";
import type { Metrics } from "./metrics.ts";

/** The metrics of the server. */
export function metricsRoutes(route: DefineLocalRoute, metrics: Metrics): Route[] {
  return [
    route({
      method: "GET",
      path: "/metrics",
      isAtRoot: true,
      id: "getMetrics",
      summary:
        "Metrics in Prometheus' text format: requests, jobs and runs by status, open polls, queue times, event-loop delay",
      responses: { 200: v.string() },
      handle: async () => ({
        status: 200,
        text: await metrics.write(),
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        routine: true,
      }),
    }),
  ];
}
