import type { Route } from "../http/route.ts";
import { apiKeyRoutes } from "./api-keys/routes.ts";
import { checkpointRoutes } from "./checkpoints/routes.ts";
import { bulkRoutes } from "./control/bulk-routes.ts";
import { controlRoutes as runControlRoutes } from "./control/routes.ts";
import { debugRoutes } from "./debug/routes.ts";
import { endpointRoutes } from "./endpoints/routes.ts";
import { eventTriggerRoutes } from "./event-triggers/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { outputRoutes } from "./outputs/routes.ts";
import { projectRoutes } from "./projects/routes.ts";
import { resourceRoutes } from "./resources/routes.ts";
import { runEventRoutes } from "./run-events/routes.ts";
import { runRoutes } from "./runs/routes.ts";
import { secretRoutes } from "./secrets/routes.ts";
import type { RunsServices } from "./services.ts";
import { sseTokenRoutes } from "./sse-tokens/routes.ts";
import { stateRoutes } from "./state/routes.ts";
import { streamRoutes, waitStreamRoutes } from "./streams/routes.ts";
import { triggerRoutes } from "./trigger/routes.ts";
import { usageRoutes } from "./usage/routes.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import type { Caller } from "./wire/caller.ts";
import type { DefineRunsRoute } from "./wire/route.ts";
import { workflowRoutes } from "./workflows/routes.ts";

/** How the routes of the control plane are defined: callers are recognised in different ways. */
export interface ControlDefiners {
  /** Nearly all. */
  route: DefineRunsRoute<Caller>;
  /** Anybody may come. */
  openRoute: DefineRunsRoute<undefined>;
  /** The answer is a stream. */
  streamRoute: DefineRunsRoute<Caller>;
  /** The answer is a stream, and a token in the address opens it too. */
  browserRoute: DefineRunsRoute<Caller>;
}

/** Every endpoint of the control plane. */
export function controlRoutes(definers: ControlDefiners, services: RunsServices): Route[] {
  const { route, openRoute, streamRoute, browserRoute } = definers;
  const { runs } = services;
  return [
    ...healthRoutes(openRoute),
    ...projectRoutes(route, services.projects),
    ...apiKeyRoutes(route, services.apiKeys),
    ...jobRoutes(route, services.jobs),
    ...endpointRoutes(route, services.endpoints),
    ...secretRoutes(route, services.secrets),
    ...triggerRoutes(route, services.triggers, services.tokens),
    ...runRoutes(route, runs, services.list),
    ...runControlRoutes(route, services.control),
    ...bulkRoutes(route, services.bulk),
    ...debugRoutes(route, services),
    ...runEventRoutes(route, services.runEvents),
    ...checkpointRoutes(route, services.checkpoints),
    ...outputRoutes(route, services.outputs),
    ...stateRoutes(route, services.state, runs),
    ...resourceRoutes(route, services.resources, runs),
    ...usageRoutes(route, services.usage),
    ...eventTriggerRoutes(route, services.eventTriggers),
    ...webhookRoutes(route, services.webhooks),
    ...workflowRoutes(route),
    ...sseTokenRoutes(route, services.sseTokens),
    ...streamRoutes(streamRoute, services.streams),
    ...waitStreamRoutes(browserRoute, services.streams),
  ];
}
