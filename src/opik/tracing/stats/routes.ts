import * as v from "valibot";
import { type Sql, sql } from "../../../database/sql.ts";
import type { Route } from "../../../http/route.ts";
import { textOf } from "../../search/fields.ts";
import { queryFilters } from "../../search/filters.ts";
import { CONDITIONS } from "../../search/operators.ts";
import { queryInstant } from "../../search/parameters.ts";
import { queryBoolean, queryChoice, queryText, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { boolean } from "../../wire/values.ts";
import { inAnnotationQueue } from "../record-filters.ts";
import { recordListQuery } from "../record-search.ts";
import { SEARCHABLE_SPANS } from "../spans/filters.ts";
import { SPAN_TYPES } from "../spans/schema.ts";
import type { SpanService } from "../spans/service.ts";
import { THREAD_FIELDS } from "../threads/filters.ts";
import { threadStats } from "../threads/measures.ts";
import type { ThreadService } from "../threads/service.ts";
import { SEARCHABLE_TRACES } from "../traces/filters.ts";
import type { TraceService } from "../traces/service.ts";
import { recordStats } from "./stats.ts";

const PRIVATE = "/v1/private";

const existence = v.object({ exists: boolean() });

export interface StatsRoutesDependencies {
  traces: TraceService;
  spans: SpanService;
  threads: ThreadService;
}

/** Statistics of traces, spans and threads, and whether there are any. */
export function statsRoutes(route: DefineOpikRoute, { traces, spans, threads }: StatsRoutesDependencies): Route[] {
  const project = { project_name: queryText, project_id: queryUuid };
  return [
    route({
      method: "GET",
      path: `${PRIVATE}/traces/stats`,
      id: "getTraceStats",
      tag: "Traces",
      summary: "Get trace stats",
      query: { ...recordListQuery(SEARCHABLE_TRACES), annotation_queue_id: queryUuid },
      responses: { 200: recordStats },
      handle: async ({ owner, query }) => {
        const filters = inAnnotationQueue("traces", query.filters, query.annotation_queue_id);
        return { status: 200, body: await traces.stats(owner, { ...query, filters }, "trace_count") };
      },
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/spans/stats`,
      id: "getSpanStats",
      tag: "Spans",
      summary: "Get span stats",
      query: {
        ...recordListQuery(SEARCHABLE_SPANS),
        trace_id: queryUuid,
        type: queryChoice(SPAN_TYPES, "is not a valid SpanType"),
      },
      responses: { 200: recordStats },
      handle: async ({ owner, query }) => ({ status: 200, body: await spans.statsOf(owner, query) }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/traces/threads/stats`,
      id: "getTraceThreadStats",
      tag: "Traces",
      summary: "Get trace thread stats",
      query: {
        ...project,
        filters: queryFilters(THREAD_FIELDS),
        search: queryText,
        from_time: queryInstant,
        to_time: queryInstant,
      },
      responses: { 200: recordStats },
      handle: async ({ owner, query }) => ({ status: 200, body: await threadStats(threads, owner, query) }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/traces/exists`,
      id: "tracesExist",
      tag: "Traces",
      summary: "Whether a project has traces",
      query: { ...project, source: queryText, thread_only: queryBoolean },
      responses: { 200: existence },
      handle: async ({ owner, query }) => {
        const conditions = [...ofSource(query.source), ...(query.thread_only ? [sql`thread_id IS NOT NULL`] : [])];
        return { status: 200, body: { exists: await traces.exists(owner, query, conditions) } };
      },
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/spans/exists`,
      id: "spansExist",
      tag: "Spans",
      summary: "Whether a project has spans",
      query: { ...project, source: queryText },
      responses: { 200: existence },
      handle: async ({ owner, query }) => ({
        status: 200,
        body: { exists: await spans.exists(owner, query, ofSource(query.source)) },
      }),
    }),
  ];
}

function ofSource(source: string | undefined): Sql[] {
  const condition = source && CONDITIONS.enum_legacy["="]?.(textOf("source"), source, "");
  return condition ? [condition] : [];
}
