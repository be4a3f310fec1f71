import type { Route } from "../../../http/route.ts";
import { conditionsOf } from "../../search/filters.ts";
import { pathText, queryChoice, queryUuid } from "../../wire/parameters.ts";
import { recordStream } from "../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { commentRoutes } from "../comments/routes.ts";
import type { CommentService } from "../comments/service.ts";
import { feedbackRoutes } from "../feedback/routes.ts";
import type { FeedbackService } from "../feedback/service.ts";
import { recordRoutes } from "../record-routes.ts";
import { recordListQuery } from "../record-search.ts";
import { SEARCHABLE_SPANS, SPAN_FIELDS } from "./filters.ts";
import { SPAN_TYPES, span, spanBatch, spanBatchUpdate, spanPage, spanSearch, spanUpdate, spanWrite } from "./schema.ts";
import type { SpanService } from "./service.ts";

const SPANS = "/v1/private/spans";

export interface SpanRoutesDependencies {
  spans: SpanService;
  feedback: FeedbackService;
  comments: CommentService;
}

/** Write spans one by one or in batches, update, get and list them. */
export function spanRoutes(route: DefineOpikRoute, { spans, feedback, comments }: SpanRoutesDependencies): Route[] {
  return [
    ...feedbackRoutes(
      route,
      {
        path: SPANS,
        type: "span",
        names: { one: "Span", several: "Spans" },
        projectOf: (owner, id) => spans.requireProjectOf(owner, id),
      },
      feedback,
    ),
    ...commentRoutes(
      route,
      {
        path: SPANS,
        type: "span",
        name: "Span",
        tag: "Spans",
        exists: (owner, id) => spans.projectOf(owner, id) !== undefined,
      },
      comments,
    ),
    ...recordRoutes(
      route,
      {
        path: SPANS,
        names: { one: "Span", several: "Spans" },
        batch: spanBatch,
        write: spanWrite,
        update: spanUpdate,
        batchUpdate: spanBatchUpdate,
        shown: span,
      },
      spans,
    ),
    route({
      method: "DELETE",
      path: `${SPANS}/:id`,
      id: "deleteSpanById",
      tag: "Spans",
      summary: "Delete span by id, which the real server does not do either",
      pathParameters: { id: pathText },
      responses: { 501: undefined },
      handle: () => ({ status: 501 }),
    }),
    route({
      method: "GET",
      path: SPANS,
      id: "getSpansByProject",
      tag: "Spans",
      summary: "Get spans by project_name or project_id and optionally by trace_id and/or type",
      query: {
        ...recordListQuery(SEARCHABLE_SPANS),
        trace_id: queryUuid,
        type: queryChoice(SPAN_TYPES, "is not a valid SpanType"),
      },
      responses: { 200: spanPage },
      handle: async ({ owner, query }) => ({ status: 200, body: await spans.find(owner, query) }),
    }),
    route({
      method: "POST",
      path: `${SPANS}/search`,
      id: "searchSpans",
      tag: "Spans",
      summary: "Search spans, the newest first",
      body: spanSearch,
      streams: true,
      responses: { 200: span },
      handle: async ({ owner, body }) => {
        const filters = conditionsOf(SPAN_FIELDS, body.filters);
        return recordStream(await spans.findNewest(owner, { ...body, filters }));
      },
    }),
  ];
}
