import { H3, type H3Event, type HTTPResponse } from "h3";
import type { Clock } from "../core/clock.ts";
import type { EventBus } from "../core/events.ts";
import { toResponse } from "./answer.ts";
import { Deliveries } from "./delivery.ts";
import type { HttpEvents } from "./events.ts";
import { createGuard } from "./guard.ts";
import { type Api, type Answer, type Method, RequestRefused, type Route } from "./route.ts";

export interface AppOptions {
  /** In order: an unknown path is answered by the first one that owns it, else by the first one. */
  apis: readonly [Api, ...Api[]];
  allowedHosts: readonly string[];
  clock: Clock;
  events: EventBus<HttpEvents>;
}

/** Puts the route tables of all APIs on one h3 app. */
export function createApp(options: AppOptions): H3 {
  const app = new H3({ silent: true });
  const guard = createGuard(options.allowedHosts);
  const deliveries = new Deliveries();

  const answer = async (
    api: Api,
    route: Route | undefined,
    refusal: () => RequestRefused,
    event: H3Event,
  ): Promise<Response | HTTPResponse> => {
    const startedAt = options.clock.now();
    const { method } = event.req;
    const path = event.url.pathname;
    let outcome: Answer | Response;
    try {
      deliveries.received(event);
      guard(event);
      if (route === undefined) {
        await api.admit?.(event);
        throw refusal();
      }
      outcome = await route.handle(event);
    } catch (error) {
      outcome = api.toAnswer(error, event);
      if (outcome.status >= 500) {
        options.events.emit("http:request:failed", { method, path, error });
        if (route?.failsBare) outcome = { status: outcome.status };
      }
    }
    options.events.emit("http:request:answered", {
      method,
      path,
      status: outcome.status,
      durationMs: options.clock.now() - startedAt,
      routine: "routine" in outcome && outcome.routine === true,
    });
    if (outcome instanceof Response) return outcome;
    if (outcome.closeConnection) event.runtime?.node?.res?.destroy();
    const { onUndelivered } = outcome;
    if (onUndelivered !== undefined) {
      deliveries.watch(event, () => {
        try {
          onUndelivered();
        } catch (error) {
          // Nobody is left who could be answered, and an error in a socket's event would end the process.
          options.events.emit("http:request:failed", { method, path, error });
        }
      });
    }
    return toResponse(outcome);
  };

  // Errors are made when they are needed: each one remembers its stack, which takes time at the start.
  const notFound = (): RequestRefused => new RequestRefused(404, "HTTP 404 Not Found");
  for (const api of options.apis) {
    for (const prefix of api.prefixes) {
      for (const [path, routes] of byPath(api.routes)) {
        for (const route of routes) {
          const url = prefix + route.path;
          app.on(route.method, url, (event) => answer(api, route, notFound, event));
          if (route.method === "GET") app.on("HEAD", url, (event) => answer(api, route, notFound, event));
        }
        const wrongMethod = (): RequestRefused =>
          new RequestRefused(405, "HTTP 405 Method Not Allowed", { allow: allowHeader(routes) });
        app.all(prefix + path, (event) => answer(api, undefined, wrongMethod, event));
      }
    }
  }
  app.all("/**", (event) => {
    const owner = options.apis.find((api) => api.owns(event.url.pathname)) ?? options.apis[0];
    return answer(owner, undefined, notFound, event);
  });
  return app;
}

/** Routes grouped by the paths they answer; parameter names do not make a different path. */
function byPath(routes: readonly Route[]): Map<string, Route[]> {
  return Map.groupBy(routes, ({ path }) => {
    let count = 0;
    return path.replaceAll(/:[^/]+/g, () => `:parameter${(count += 1)}`);
  });
}

function allowHeader(routes: readonly Route[]): string {
  const methods: Array<Method | "HEAD" | "OPTIONS"> = routes.map((route) => route.method);
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].join(",");
}
