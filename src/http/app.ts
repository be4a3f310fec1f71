import { H3, type H3Event, type HTTPResponse } from "h3";
import { attempt } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import type { EventBus } from "../core/events.ts";
import { toResponse } from "./answer.ts";
import { Deliveries } from "./delivery.ts";
import type { HttpEvents } from "./events.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import { findFittingRoute, type MethodRules, USUAL_METHODS } from "./methods.ts";
import { nearestRoute } from "./nearest-route.ts";
import { reasonOf } from "./reason.ts";
import { type Api, type Answer, RequestRefused, type Route } from "./route.ts";
import { refuseDotSegments, targetOf } from "./target.ts";

export interface AppOptions extends GuardOptions {
  /** In order: an unknown path is answered by the first one that owns it, else by the first one. */
  apis: readonly [Api, ...Api[]];
  clock: Clock;
  events: EventBus<HttpEvents>;
}

/** Puts the route tables of all APIs on one h3 app. */
export function createApp(options: AppOptions): H3 {
  const ownerOf = (pathname: string): Api => options.apis.find((api) => api.owns(pathname)) ?? options.apis[0];
  /** Called with the error of a request. */
  const failureOf =
    (method: string, path: string) =>
    (error: unknown): void =>
      options.events.emit("http:request:failed", { method, path, error });
  const app = new H3({
    silent: true,
    // Errors of h3 itself are answered in the API's shape, too.
    onError: (error, event) => {
      const { method } = event.req;
      const path = event.url.pathname;
      const api = ownerOf(path);
      const onError = failureOf(method, path);
      if (error.unhandled !== true && error.status < 500) {
        const { status, message } = error;
        const refused = new RequestRefused(status, `HTTP ${status} ${message}`);
        const answered = { method, path, status, durationMs: 0, routine: false, reason: refused.message };
        options.events.emit("http:request:answered", answered);
        return toResponse(api.toAnswer(refused, event), api, event, onError);
      }
      onError(error.cause ?? error);
      return toResponse(api.toAnswer(error, event), api, event, onError);
    },
  });
  const guard = createGuard(options);
  const deliveries = new Deliveries();

  const answer = async (
    api: Api,
    { handle, emptyBodyOnError }: Handler,
    event: H3Event,
  ): Promise<Response | HTTPResponse> => {
    const startedAt = options.clock.now();
    const { method } = event.req;
    const path = event.url.pathname;
    let outcome: Answer | Response | undefined;
    let response: Response | HTTPResponse;
    let reason: string | undefined;
    // For work outside of a request: an error in a socket's event would end the process.
    const onError = failureOf(method, path);
    try {
      deliveries.received(event);
      outcome = guard(event);
      if (outcome === undefined) {
        checkRequest(api, event);
        outcome = await handle(event);
      }
      response = outcome instanceof Response ? outcome : await toResponse(outcome, api, event, onError);
    } catch (error) {
      // Serializing a very large answer may fail.
      if (outcome !== undefined && "onUndelivered" in outcome && outcome.onUndelivered) {
        attempt(outcome.onUndelivered, onError);
      }
      outcome = api.toAnswer(error, event);
      if (outcome.status >= 500) {
        onError(error);
        if (emptyBodyOnError) outcome = { status: outcome.status };
      } else {
        reason = isWithoutRoute(error) ? describeMissingRoute(method, path, options.apis) : reasonOf(error);
      }
      response = await toResponse(outcome, api, event, onError);
    }
    options.events.emit("http:request:answered", {
      method,
      path,
      status: outcome.status,
      durationMs: options.clock.now() - startedAt,
      routine: "routine" in outcome && outcome.routine === true,
      ...(reason === undefined ? {} : { reason }),
    });
    if (outcome instanceof Response) return response;
    if (outcome.closeConnection) event.runtime?.node?.res?.destroy();
    const { onDelivered, onUndelivered } = outcome;
    if (onDelivered !== undefined || onUndelivered !== undefined) {
      deliveries.watch(event, {
        onDelivered: () => attempt(() => onDelivered?.(), onError),
        onUndelivered: () => attempt(() => onUndelivered?.(), onError),
      });
    }
    return response;
  };

  for (const api of options.apis) {
    const rules = api.methods ?? USUAL_METHODS;
    for (const prefix of api.prefixes) {
      for (const [path, routes] of byPath(api.routes)) {
        for (const route of routes) {
          const url = prefix + route.path;
          app.on(route.method, url, (event) => answer(api, route, event));
          if (route.method === "GET" && rules.headIsGet) app.on("HEAD", url, (event) => answer(api, route, event));
        }
        const methods = routes.map(({ method }) => method);
        const otherMethod = admitted(api, (event) => rules.answer(event, methods));
        app.all(prefix + path, (event) => {
          const route = rules.triesOtherPaths ? routeOfOtherPath(api, rules, prefix, event) : undefined;
          return answer(api, route ?? otherMethod, event);
        });
      }
    }
  }
  app.all("/**", (event) => {
    const owner = ownerOf(event.url.pathname);
    return answer(owner, admitted(owner, refuseUnknownPath), event);
  });
  return app;
}

/** Handles a request: a route, or its replacement. */
type Handler = Pick<Route, "handle" | "emptyBodyOnError">;

/** Answers requests that have no route, if the API admits them. */
function admitted(api: Api, answer: (event: H3Event) => Answer): Handler {
  return {
    handle: async (event) => {
      const preflight = api.methods?.preflight?.(event);
      if (preflight !== undefined) return preflight;
      await api.admit?.(event);
      return answer(event);
    },
  };
}

/**
 * What is checked of every request, whether it has a route or not.
 * @throws RequestRefused
 */
function checkRequest(api: Api, event: H3Event): void {
  const { refusal } = event.context;
  // A request that could not be parsed (http/broken-requests.ts).
  if (refusal instanceof RequestRefused) throw refusal;
  const target = targetOf(event);
  api.checkTarget?.(target);
  refuseDotSegments(target);
}

function refuseUnknownPath(): never {
  throw new RequestRefused(404, "HTTP 404 Not Found");
}

/** Whether a request was refused because its path or method has no route. */
function isWithoutRoute(error: unknown): boolean {
  return error instanceof RequestRefused && (error.status === 404 || error.status === 405);
}

function describeMissingRoute(method: string, path: string, apis: readonly Api[]): string {
  const meant = nearestRoute(method, path, apis);
  return `There is no such route.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

/** Finds the route of another template that matches the path and has the method; sets its parameters on the event. */
function routeOfOtherPath(api: Api, rules: MethodRules, prefix: string, event: H3Event): Route | undefined {
  const { method } = event.req;
  const wanted = method === "HEAD" && rules.headIsGet ? "GET" : method;
  const found = findFittingRoute(api.routes, wanted, event.url.pathname.slice(prefix.length));
  if (found !== undefined) event.context.params = found.parameters;
  return found?.route;
}

/** Groups routes by path; names of parameters make no difference. */
function byPath(routes: readonly Route[]): Map<string, Route[]> {
  return Map.groupBy(routes, ({ path }) => {
    let count = 0;
    return path.replaceAll(/:[^/]+/g, () => `:parameter${(count += 1)}`);
  });
}
