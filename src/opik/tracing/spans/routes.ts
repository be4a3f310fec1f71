import type { Route } from "../../../http/route.ts";
import { conditionsOf } from "../../search/filters.ts";
import { pathText, queryChoice, queryUuid } from "../../wire/parameters.ts";
import { recordStream } from "../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { recordRoutes } from "../record-routes.ts";
import { recordListQuery } from "../record-search.ts";
import { SEARCHABLE_SPANS, SPAN_FIELDS } from "./filters.ts";
import { SPAN_TYPES, span, spanBatch, spanBatchUpdate, spanPage, spanSearch, spanUpdate, spanWrite } from "./schema.ts";
import type { SpanService } from "./service.ts";

const SPANS = "/v1/private/spans";

/** Write spans one by one or in batches, update, get and list them. */
export function spanRoutes(route: DefineOpikRoute, spans: SpanService): Route[] {
  return [
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
