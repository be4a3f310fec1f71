import type { Route } from "../http/route.ts";
import { apiKeyRoutes } from "./access/api-keys/routes.ts";
import { sseTokenRoutes } from "./access/sse-tokens/routes.ts";
import { endpointRoutes } from "./definitions/endpoints/routes.ts";
import { jobRoutes } from "./definitions/jobs/routes.ts";
import { projectRoutes } from "./definitions/projects/routes.ts";
import { secretRoutes } from "./definitions/secrets/routes.ts";
import { workflowRoutes } from "./definitions/workflows/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { bulkRoutes } from "./operations/control/bulk-routes.ts";
import { controlRoutes as runControlRoutes } from "./operations/control/routes.ts";
import { debugRoutes } from "./operations/debug/routes.ts";
import { checkpointRoutes } from "./records/checkpoints/routes.ts";
import { outputRoutes } from "./records/outputs/routes.ts";
import { resourceRoutes } from "./records/resources/routes.ts";
import { runEventRoutes } from "./records/run-events/routes.ts";
import { stateRoutes } from "./records/state/routes.ts";
import { usageRoutes } from "./records/usage/routes.ts";
import { runRoutes } from "./run/routes.ts";
import type { StraitServices } from "./services.ts";
import { streamRoutes, waitStreamRoutes } from "./streams/routes.ts";
import { triggerRoutes } from "./triggers/trigger/routes.ts";
import { eventTriggerRoutes } from "./waits/routes.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import type { Caller } from "./wire/caller.ts";
import type { DefineRunsRoute } from "./wire/route.ts";

/** The ways in which routes of the control plane authenticate their callers. */
export interface ControlDefiners {
  /** By an API key or the internal secret: nearly all routes. */
  route: DefineRunsRoute<Caller>;
  /** No authentication. */
  openRoute: DefineRunsRoute<undefined>;
  /** The answer is a stream. */
  streamRoute: DefineRunsRoute<Caller>;
  /** The answer is a stream, and a token in the address opens it too. */
  browserRoute: DefineRunsRoute<Caller>;
}

/** Every endpoint of the control plane. */
export function controlRoutes(definers: ControlDefiners, services: StraitServices): Route[] {
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
