import type { Background } from "../core/background.ts";
import type { Reactions } from "../core/events.ts";
import { lazily } from "../core/lazily.ts";
import type { Api } from "../http/route.ts";
import { createControlPlaneGuard, openToTokens, withoutMediaTypes } from "./access/control-plane/guard.ts";
import { createExecutorGuard } from "./access/executor/guard.ts";
import type { StraitContext } from "./context.ts";
import { controlRoutes } from "./control-routes.ts";
import { createDispatch, type Dispatch } from "./dispatch/dispatch.ts";
import type { StraitChanges } from "./events.ts";
import { executorRoutes } from "./executor-routes.ts";
import { straitReactions } from "./reactions.ts";
import { createServices, type StraitServices } from "./services.ts";
import { WebhookSender } from "./webhooks/sender.ts";
import { createErrorReporter } from "./wire/errors.ts";
import { RUNS_METHODS } from "./wire/methods.ts";
import { createRouteDefiner } from "./wire/route.ts";
import { runsError } from "./wire/schemas.ts";

/** Strait's API. */
export interface Runs {
  api: Api;
  services: StraitServices & Dispatch["services"];
  /** What follows from events. */
  reactions: Reactions<StraitChanges>;
  /** The parts that work without a request, in the order in which they start. */
  background: readonly Background[];
}

/** The paths whose unknown routes and wrong methods are answered by this API; Opik's are under `/v1/private`. */
const AREAS = /^\/(?:sdk|v1(?!\/private(?:\/|$))|health)(?:\/|$)/;

/** Paths that require the run's token even when they do not exist [strait 0.1]. */
const EXECUTOR_PATH = /^\/sdk\/v1\/runs\/([^/]+)\//;

/** Creates the services and routes of Strait's API. */
export function createStrait(context: StraitContext): Runs {
  const { config, ids, ignoredFields } = context;
  const services = createServices(context);
  const controlPlaneGuard = createControlPlaneGuard(context, services);
  const streamGuard = withoutMediaTypes(controlPlaneGuard);
  const bodies = { maxBodyBytes: config.runMaxBodyBytes, ignoredFields };
  const definers = {
    route: createRouteDefiner(controlPlaneGuard, bodies),
    openRoute: createRouteDefiner<undefined>({ authenticate: () => undefined }, bodies),
    streamRoute: createRouteDefiner(streamGuard, bodies),
    browserRoute: createRouteDefiner(openToTokens(streamGuard, services.sseTokens), bodies),
  };
  const dispatch = createDispatch(context, services);
  const { workers, runHeartbeats } = dispatch.services;
  const executorGuard = createExecutorGuard(services.tokens, (holder) => {
    workers.reported(holder);
    runHeartbeats.reported(holder.runId);
  });
  const toAnswer = createErrorReporter(ids);
  const executor = createRouteDefiner(executorGuard, bodies);
  const sender = new WebhookSender(context, services);
  const routes = lazily(() => [...controlRoutes(definers, services), ...executorRoutes(executor, services)]);
  return {
    services: { ...services, ...dispatch.services },
    api: {
      prefixes: [""],
      get routes() {
        return routes();
      },
      errors: { name: "StraitError", schema: runsError },
      methods: RUNS_METHODS,
      owns: (pathname) => AREAS.test(pathname),
      admit: async (event) => {
        const runId = EXECUTOR_PATH.exec(event.url.pathname)?.[1];
        if (runId !== undefined) await executorGuard.authenticate(event, { runId });
      },
      toAnswer: (error, event) => {
        const answer = toAnswer(error, event);
        return { ...answer, headers: { ...answer.headers, ...executorGuard.headersIfAdmitted(event) } };
      },
    },
    reactions: straitReactions({ services, dispatch: dispatch.reacting, sender }),
    background: [services.waits, services.spawns, services.streams, sender, ...dispatch.background],
  };
}
