import { H3, type H3Event } from "h3";
import { toResponse } from "./answer.ts";
import { ExchangeChain, type ExchangeOptions, type Handler } from "./exchange.ts";
import { findFittingRoute, type MethodRules, USUAL_METHODS } from "./methods.ts";
import { type Api, type Answer, RequestRefused, type Route } from "./route.ts";

/** Puts the route tables of all APIs on one h3 app. */
export function createApp(options: ExchangeOptions): H3 {
  const ownerOf = (pathname: string): Api => options.apis.find((api) => api.owns(pathname)) ?? options.apis[0];
  const chain = new ExchangeChain(options);
  const app = new H3({
    silent: true,
    onError: async (error, event) => {
      const api = ownerOf(event.url.pathname);
      // An error of h3 itself, such as a path that is not valid UTF-8: it comes before any of our handlers.
      if (error.unhandled !== true && error.status < 500) {
        const refused = new RequestRefused(error.status, `HTTP ${error.status} ${error.message}`);
        return chain.answer(api, refusing(refused), event);
      }
      // An answer to an error that could not be written.
      const fail = (cause: unknown): void => chain.fail({ method: event.req.method, path: event.url.pathname }, cause);
      fail(error.cause ?? error);
      return (await toResponse(api.toAnswer(error, event), api, event, fail)).response;
    },
  });
  const serve = (api: Api, route: Route, event: H3Event): ReturnType<ExchangeChain["answer"]> =>
    chain.answer(api, { handle: route.handle, emptyBodyOnError: route.emptyBodyOnError ?? false, route }, event);
  for (const api of options.apis) {
    const rules = api.methods ?? USUAL_METHODS;
    for (const prefix of api.prefixes) {
      for (const [path, routes] of byPath(api.routes)) {
        for (const route of routes) {
          const url = prefix + route.path;
          app.on(route.method, url, (event) => serve(api, route, event));
          if (route.method === "GET" && rules.headIsGet) app.on("HEAD", url, (event) => serve(api, route, event));
        }
        const methods = routes.map(({ method }) => method);
        const otherMethod = admitted(api, (event) => rules.answer(event, methods));
        app.all(prefix + path, (event) => {
          const route = rules.triesOtherPaths ? routeOfOtherPath(api, rules, prefix, event) : undefined;
          return route === undefined ? chain.answer(api, otherMethod, event) : serve(api, route, event);
        });
      }
    }
  }
  app.all("/**", (event) => {
    const owner = ownerOf(event.url.pathname);
    return chain.answer(owner, admitted(owner, refuseUnknownPath), event);
  });
  return app;
}

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

/** Refuses a request that reaches no route. */
function refusing(refused: RequestRefused): Handler {
  return {
    handle: async () => {
      throw refused;
    },
  };
}

function refuseUnknownPath(): never {
  throw new RequestRefused(404, "HTTP 404 Not Found");
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
