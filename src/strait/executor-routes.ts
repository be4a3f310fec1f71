import type { Route } from "../http/route.ts";
import type { TokenHolder } from "./access/tokens/service.ts";
import { executionRoutes } from "./operations/execution/executor-routes.ts";
import { checkpointExecutorRoutes } from "./records/checkpoints/executor-routes.ts";
import { memoryExecutorRoutes } from "./records/memory/executor-routes.ts";
import { outputExecutorRoutes } from "./records/outputs/executor-routes.ts";
import { resourceExecutorRoutes } from "./records/resources/executor-routes.ts";
import { runEventExecutorRoutes } from "./records/run-events/executor-routes.ts";
import { stateExecutorRoutes } from "./records/state/executor-routes.ts";
import { usageExecutorRoutes } from "./records/usage/executor-routes.ts";
import type { StraitServices } from "./services.ts";
import { streamExecutorRoutes } from "./streams/executor-routes.ts";
import { spawnRoutes } from "./triggers/spawns/executor-routes.ts";
import { eventTriggerExecutorRoutes } from "./waits/executor-routes.ts";
import type { DefineRunsRoute } from "./wire/route.ts";

/** Every endpoint of executors. */
export function executorRoutes(route: DefineRunsRoute<TokenHolder>, services: StraitServices): Route[] {
  const { runs } = services;
  return [
    ...executionRoutes(route, services.execution),
    ...runEventExecutorRoutes(route, services.runEvents, runs),
    ...checkpointExecutorRoutes(route, services.checkpoints, runs),
    ...outputExecutorRoutes(route, services.outputs, runs),
    ...stateExecutorRoutes(route, services.state, runs),
    ...memoryExecutorRoutes(route, services.memory, runs),
    ...resourceExecutorRoutes(route, services),
    ...usageExecutorRoutes(route, services.usageReports),
    ...streamExecutorRoutes(route, services.streams, runs),
    ...spawnRoutes(route, services.spawns),
    ...eventTriggerExecutorRoutes(route, services.eventTriggers),
  ];
}
