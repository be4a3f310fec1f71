import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { spawned, spawnRequest } from "./schema.ts";
import type { SpawnService } from "./service.ts";

/** Creates runs of other jobs from the current run. */
export function spawnRoutes(route: DefineRunsRoute<TokenHolder>, spawns: SpawnService): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/spawn",
      id: "spawnExecutorRun",
      tag: "Executor",
      summary: "Make a run of another job, and wait for its end if asked",
      pathParameters: { runId: pathText },
      body: spawnRequest,
      responses: { 201: spawned },
      handle: ({ caller, body }) => ({ status: 201, body: spawns.spawn(caller, body) }),
    }),
  ];
}
