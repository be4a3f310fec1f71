import type { RequestEvent } from "./request-event.ts";
import { type Answer, type Method, RequestRefused, type Route } from "./route.ts";

/** How an API answers methods for which a path has no route. */
export interface MethodRules {
  /** Whether `HEAD` is served wherever `GET` is. */
  headIsGet: boolean;
  /**
   * Whether the path is then tried as another route of the API: `GET /things/next` as `GET /things/:id`, when
   * `/things/next` has no `GET`.
   */
  triesOtherPaths: boolean;
  /** Answers a preflight request of any path, before `admit`; `undefined` for other requests. */
  preflight?(event: RequestEvent): Answer | undefined;
  /**
   * Answers a request whose path has routes, but none for its method. `OPTIONS` arrives here, too.
   * @param methods those of the path's routes
   * @throws RequestRefused 405
   */
  answer(event: RequestEvent, methods: readonly Method[]): Answer;
}

/** The default rules. */
export const USUAL_METHODS: MethodRules = {
  headIsGet: true,
  triesOtherPaths: false,
  answer: (_event, methods) => {
    const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])];
    throw methodNotAllowed(allowed.join(","));
  },
};

/** @param allow the `Allow` header */
export function methodNotAllowed(allow: string): RequestRefused {
  return new RequestRefused(405, "HTTP 405 Method Not Allowed", { allow });
}

/** A route whose path fits, with the parameters that it then has. */
export interface FittingRoute {
  route: Route;
  parameters: Record<string, string>;
}

/**
 * Finds the first route for a method whose path matches, although another one matches better. It searches all routes,
 * which is fine for the few requests whose method the better route does not have.
 * @param path the request's path, without the prefix of the API
 */
export function findFittingRoute(routes: readonly Route[], method: string, path: string): FittingRoute | undefined {
  const segments = path.replace(/\/$/, "").split("/");
  for (const route of routes) {
    const parameters = route.method === method ? fit(route.path.split("/"), segments) : undefined;
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}

/** Matches a path against a template. @returns its parameters; `undefined` when it does not match */
function fit(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) parameters[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return parameters;
}
