import type { Route } from "../../../http/route.ts";
import type { CheckpointService } from "../../records/checkpoints/service.ts";
import type { OutputService } from "../../records/outputs/service.ts";
import type { ResourceService } from "../../records/resources/service.ts";
import type { RunEventService } from "../../records/run-events/service.ts";
import type { UsageService } from "../../records/usage/service.ts";
import { toStoredRun } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { SHOWN_NULL } from "../../wire/answer.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { debugBundle, dependencyStatus } from "../control/schema.ts";

export interface DebugServices {
  runs: RunService;
  runEvents: RunEventService;
  checkpoints: CheckpointService;
  usage: UsageService;
  outputs: OutputService;
  resources: ResourceService;
}

const tag = "Executor runs";
const scope = "runs:read";
const pathParameters = { runId: pathText };
/** How much of each kind a bundle holds. */
const ENTRIES = { limit: 1_000 };

/** The debug bundle: all records of a run in one answer. */
export function debugRoutes(route: DefineRunsRoute<Caller>, services: DebugServices): Route[] {
  const { runs, runEvents, checkpoints, usage, outputs, resources } = services;
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/debug-bundle",
      id: "getExecutorRunDebugBundle",
      tag,
      summary: "Get all that is known of a run",
      scope,
      pathParameters,
      responses: { 200: debugBundle },
      handle: ({ caller, path }) => ({
        status: 200,
        body: {
          run: toStoredRun(runs.require(caller, path.runId)),
          events: runEvents.list(caller, path.runId, ENTRIES).data,
          checkpoints: checkpoints.list(caller, path.runId, ENTRIES).data,
          usage: usage.usage(caller, path.runId, ENTRIES).data,
          tool_calls: usage.toolCalls(caller, path.runId, ENTRIES).data,
          outputs: outputs.list(caller, path.runId, ENTRIES).data,
          resource_snapshots: resources.list(path.runId, ENTRIES),
        },
      }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/dependency-status",
      id: "getExecutorRunDependencyStatus",
      tag,
      summary: "Get what a run waits for of other jobs; dependencies between jobs are not served, so there is nothing",
      scope,
      pathParameters,
      responses: { 200: dependencyStatus },
      handle: ({ caller, path }) => {
        const { id, job_id, status } = runs.require(caller, path.runId);
        return {
          status: 200,
          body: { dependencies: SHOWN_NULL, dependencies_satisfied: true, job_id, run_id: id, status },
        };
      },
    }),
  ];
}
