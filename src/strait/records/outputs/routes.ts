import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { outputPage } from "./schema.ts";
import type { OutputService } from "./service.ts";

/** Read a run's outputs. */
export function outputRoutes(route: DefineRunsRoute<Caller>, outputs: OutputService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/outputs",
      id: "listExecutorRunOutputs",
      tag: "Executor runs",
      summary: "List a run's outputs, by key",
      scope: "runs:read",
      pathParameters: { runId: pathText },
      query: { limit: queryLimit(), cursor: queryCursor("cursor must be a valid RFC3339 timestamp") },
      responses: { 200: outputPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: outputs.list(caller, path.runId, query) }),
    }),
  ];
}
