import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { RunService } from "../../run/service.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { checkpoint, checkpointRequest } from "./schema.ts";
import type { CheckpointService } from "./service.ts";

/** The default source of a checkpoint. */
const DEFAULT_SOURCE = "sdk";

/** Saves a checkpoint of the current run. */
export function checkpointExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  checkpoints: CheckpointService,
  runs: RunService,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/checkpoint",
      id: "checkpointExecutorRun",
      tag: "Executor",
      summary: "Save a checkpoint, to go on from it in another attempt",
      pathParameters: { runId: pathText },
      body: checkpointRequest,
      responses: { 201: checkpoint },
      handle: ({ caller, body }) => ({
        status: 201,
        body: runs.whileActive(caller, (run) =>
          checkpoints.save(run.id, body.source?.trim() || DEFAULT_SOURCE, body.state),
        ),
      }),
    }),
  ];
}
