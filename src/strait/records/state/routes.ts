import type { Route } from "../../../http/route.ts";
import type { RunService } from "../../run/service.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { runStates } from "./schema.ts";
import type { StateService } from "./service.ts";

/** Read what a run keeps. */
export function stateRoutes(route: DefineRunsRoute<Caller>, state: StateService, runs: RunService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/state",
      id: "listExecutorRunState",
      tag: "Executor runs",
      summary: "List a run's state, by key",
      scope: "runs:read",
      pathParameters: { runId: pathText },
      responses: { 200: runStates },
      handle: ({ caller, path }) => ({ status: 200, body: state.list(runs.require(caller, path.runId).id) }),
    }),
  ];
}
