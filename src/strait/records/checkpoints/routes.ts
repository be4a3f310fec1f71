import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { checkpointPage } from "./schema.ts";
import type { CheckpointService } from "./service.ts";

/** Read a run's checkpoints. */
export function checkpointRoutes(route: DefineRunsRoute<Caller>, checkpoints: CheckpointService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/checkpoints",
      id: "listExecutorRunCheckpoints",
      tag: "Executor runs",
      summary: "List a run's checkpoints, newest first",
      scope: "runs:read",
      pathParameters: { runId: pathText },
      query: { limit: queryLimit(), cursor: queryCursor("cursor must be a valid RFC3339 timestamp") },
      responses: { 200: checkpointPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: checkpoints.list(caller, path.runId, query) }),
    }),
  ];
}
