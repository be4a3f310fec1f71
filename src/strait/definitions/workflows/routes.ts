import * as v from "valibot";
import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { queryCursor, queryLimit } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { pageOf } from "../../wire/schemas.ts";

/** The list of workflows, always empty: the CLI's `sync` reads it before the jobs. */
export function workflowRoutes(route: DefineRunsRoute<Caller>): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/workflows",
      id: "listExecutorWorkflows",
      tag: "Executor jobs",
      summary: "List workflows; there are none here",
      scope: "workflows:read",
      query: { limit: queryLimit(), cursor: queryCursor() },
      responses: { 200: pageOf(v.unknown()) },
      handle: () => ({ status: 200, body: { data: [], has_more: false } }),
    }),
  ];
}
