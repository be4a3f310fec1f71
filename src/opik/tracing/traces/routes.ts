import type { Route } from "../../../http/route.ts";
import { pathUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { projectPageQuery, recordRoutes, searchQuery } from "../record-routes.ts";
import { trace, traceBatch, traceBatchUpdate, traceDeletion, tracePage, traceUpdate, traceWrite } from "./schema.ts";
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
        batchUpdate: traceBatchUpdate,
        shown: trace,
      },
      traces,
    ),
    route({
      method: "DELETE",
      path: `${TRACES}/:id`,
      id: "deleteTraceById",
      tag: "Traces",
      summary: "Delete trace by id, with its spans",
      pathParameters: { id: pathUuid },
      responses: { 204: undefined },
      handle: async ({ owner, path }) => {
        await traces.delete(owner, [path.id]);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${TRACES}/delete`,
      id: "deleteTraces",
      tag: "Traces",
      summary: "Delete traces, with their spans",
      body: traceDeletion,
      responses: { 204: undefined },
      handle: async ({ owner, body }) => {
        await traces.delete(owner, body.ids, body.project_id);
        return { status: 204 };
      },
    }),
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
