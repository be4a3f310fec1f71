import type { Api } from "../http/route.ts";
import { controlRoutes } from "./control-routes.ts";
import { createControlSurface, openToTokens, withoutMediaTypes } from "./control-surface.ts";
import { createDispatch, type Dispatch } from "./dispatch/dispatch.ts";
import { executorRoutes } from "./executor-routes.ts";
import { createExecutorSurface } from "./executor-surface.ts";
import { createServices, type RunsOptions, type RunsServices } from "./services.ts";
import { WebhookSender } from "./webhooks/sender.ts";
import { createErrorTeller } from "./wire/errors.ts";
import { RUNS_METHODS } from "./wire/methods.ts";
import { createRouteDefiner } from "./wire/route.ts";
import { runsError } from "./wire/schemas.ts";

/** The side of executor runs. */
export interface Runs {
  api: Api;
  services: RunsServices & Dispatch["services"];
  /** Starts what happens because time passes. */
  start(): void;
  /** Answers held requests and stops the timers. */
  stop(): void;
  /** Takes back what is assigned and not acknowledged. To be called after `stop`, when all connections are closed. */
  takeBack(): void;
  /** Answers held requests and forgets everything that is not in the database; `start` goes on from there. */
  reset(): void;
}

/** The paths whose unknown routes and wrong methods are answered by this API; Opik's are under `/v1/private`. */
const AREAS = /^\/(?:sdk|v1(?!\/private(?:\/|$))|health)(?:\/|$)/;

/** Whoever asks for a path here that does not exist is first asked for the run's token (facts 0.1). */
const EXECUTOR_PATH = /^\/sdk\/v1\/runs\/([^/]+)\//;

/** Puts the services and routes of executor runs together. */
export function createRuns(options: RunsOptions): Runs {
  const { config, ids } = options;
  const services = createServices(options);
  const controlSurface = createControlSurface({ config, ...services });
  const streamSurface = withoutMediaTypes(controlSurface);
  const bodies = { maxBodyBytes: config.runMaxBodyBytes, ignoredFields: options.ignoredFields };
  const definers = {
    route: createRouteDefiner(controlSurface, bodies),
    openRoute: createRouteDefiner<undefined>({ authenticate: () => undefined }, bodies),
    streamRoute: createRouteDefiner(streamSurface, bodies),
    browserRoute: createRouteDefiner(openToTokens(streamSurface, services.sseTokens), bodies),
  };
  const dispatch = createDispatch({ ...options, ...services });
  const { workers, lifeSigns } = dispatch.services;
  const executorSurface = createExecutorSurface(services.tokens, (holder) => {
    workers.reported(holder);
    lifeSigns.reported(holder.runId);
  });
  const tell = createErrorTeller(ids);
  const executor = createRouteDefiner(executorSurface, bodies);
  const sender = new WebhookSender({ ...options, ...services });
  const background = [services.waits, services.spawns, services.streams, sender];
  return {
    services: { ...services, ...dispatch.services },
    api: {
      prefixes: [""],
      routes: [...controlRoutes(definers, services), ...executorRoutes(executor, services)],
      errors: { name: "RunsError", schema: runsError },
      methods: RUNS_METHODS,
      owns: (pathname) => AREAS.test(pathname),
      admit: async (event) => {
        const runId = EXECUTOR_PATH.exec(event.url.pathname)?.[1];
        if (runId !== undefined) await executorSurface.authenticate(event, { runId });
      },
      toAnswer: (error, event) => {
        const told = tell(error, event);
        return { ...told, headers: { ...told.headers, ...executorSurface.headersIfAdmitted(event) } };
      },
    },
    start: () => {
      for (const part of background) part.start();
      dispatch.start();
    },
    stop: () => {
      for (const part of background) part.stop();
      dispatch.stop();
    },
    takeBack: () => dispatch.takeBack(),
    reset: () => {
      for (const part of background) part.stop();
      dispatch.reset();
    },
  };
}
