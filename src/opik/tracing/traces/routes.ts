import type { Route } from "../../../http/route.ts";
import { conditionsOf } from "../../search/filters.ts";
import { pathUuid, queryUuid } from "../../wire/parameters.ts";
import { recordStream } from "../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { commentRoutes } from "../comments/routes.ts";
import type { CommentService } from "../comments/service.ts";
import { feedbackRoutes } from "../feedback/routes.ts";
import type { FeedbackService } from "../feedback/service.ts";
import { inAnnotationQueue } from "../record-filters.ts";
import { recordRoutes } from "../record-routes.ts";
import { recordListQuery } from "../record-search.ts";
import { SEARCHABLE_TRACES, TRACE_FIELDS } from "./filters.ts";
import {
  trace,
  traceBatch,
  traceBatchUpdate,
  traceDeletion,
  tracePage,
  traceSearch,
  traceUpdate,
  traceWrite,
} from "./schema.ts";
import type { TraceService } from "./service.ts";

const TRACES = "/v1/private/traces";

export interface TraceRoutesDependencies {
  traces: TraceService;
  feedback: FeedbackService;
  comments: CommentService;
}

/** Write traces one by one or in batches, update, get and list them. */
export function traceRoutes(route: DefineOpikRoute, { traces, feedback, comments }: TraceRoutesDependencies): Route[] {
  return [
    ...feedbackRoutes(
      route,
      {
        path: TRACES,
        type: "trace",
        names: { one: "Trace", several: "Traces" },
        projectOf: (owner, id) => traces.requireProjectOf(owner, id),
      },
      feedback,
    ),
    ...commentRoutes(
      route,
      {
        path: TRACES,
        type: "trace",
        name: "Trace",
        tag: "Traces",
        exists: (owner, id) => traces.projectOf(owner, id) !== undefined,
      },
      comments,
    ),
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
      query: { ...recordListQuery(SEARCHABLE_TRACES), annotation_queue_id: queryUuid },
      responses: { 200: tracePage },
      handle: async ({ owner, query }) => {
        const filters = inAnnotationQueue("traces", query.filters, query.annotation_queue_id);
        return { status: 200, body: await traces.find(owner, { ...query, filters }) };
      },
    }),
    route({
      method: "POST",
      path: `${TRACES}/search`,
      id: "searchTraces",
      tag: "Traces",
      summary: "Search traces, the newest first",
      body: traceSearch,
      streams: true,
      responses: { 200: trace },
      handle: async ({ owner, body }) => {
        const filters = conditionsOf(TRACE_FIELDS, body.filters);
        return recordStream(await traces.findNewest(owner, { ...body, filters }));
      },
    }),
  ];
}
