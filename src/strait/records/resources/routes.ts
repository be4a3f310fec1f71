import type { Route } from "../../../http/route.ts";
import type { RunService } from "../../run/service.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryLimit, queryTime } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { resourceSnapshots } from "./schema.ts";
import type { ResourceService } from "./service.ts";

/** Read what a run used of its machine. */
export function resourceRoutes(route: DefineRunsRoute<Caller>, resources: ResourceService, runs: RunService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/resources",
      id: "listExecutorRunResources",
      tag: "Executor runs",
      summary: "List a run's resource snapshots, newest first",
      scope: "runs:read",
      pathParameters: { runId: pathText },
      query: { from: queryTime, to: queryTime, limit: queryLimit(100, 1_000, "invalid limit param") },
      responses: { 200: resourceSnapshots },
      handle: ({ caller, path, query }) => ({
        status: 200,
        body: resources.list(runs.require(caller, path.runId).id, query),
      }),
    }),
  ];
}
