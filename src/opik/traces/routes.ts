import type { Route } from "../../http/route.ts";
import { projectPageQuery, recordRoutes, searchQuery } from "../tracing/record-routes.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { trace, traceBatch, tracePage, traceUpdate, traceWrite } from "./schema.ts";
import type { TraceService } from "./service.ts";

const TRACES = "/v1/private/traces";

/** Write traces one by one or in batches, update, get and list them. */
export function traceRoutes(route: DefineOpikRoute, traces: TraceService): Route[] {
  return [
    ...recordRoutes(
      route,
      {
        path: TRACES,
        names: { one: "Trace", several: "Traces" },
        batch: traceBatch,
        write: traceWrite,
        update: traceUpdate,
        shown: trace,
      },
      traces,
    ),
    route({
      method: "GET",
      path: TRACES,
      id: "getTracesByProject",
      tag: "Traces",
      summary: "Get traces by project_name or project_id",
      query: { ...projectPageQuery, ...searchQuery },
      responses: { 200: tracePage },
      handle: ({ owner, query }) => ({ status: 200, body: traces.list(owner, query) }),
    }),
  ];
}
