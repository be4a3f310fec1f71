import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit, queryText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { runEventPage } from "./schema.ts";
import type { RunEventService } from "./service.ts";

/** Read a run's history. */
export function runEventRoutes(route: DefineRunsRoute<Caller>, runEvents: RunEventService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/events",
      id: "listExecutorRunEvents",
      tag: "Executor runs",
      summary: "List what a run has logged, oldest first",
      scope: "runs:read",
      pathParameters: { runId: pathText },
      query: { level: queryText, type: queryText, limit: queryLimit(), cursor: queryCursor() },
      responses: { 200: runEventPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: runEvents.list(caller, path.runId, query) }),
    }),
  ];
}
