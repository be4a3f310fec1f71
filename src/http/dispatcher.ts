import { toResponse } from "./answer.ts";
import { ExchangeChain, type ExchangeOptions, type Handler } from "./exchange.ts";
import { findFittingRoute, type MethodRules, USUAL_METHODS } from "./methods.ts";
import { type FoundPath, PathTree } from "./path-tree.ts";
import type { RequestEvent } from "./request-event.ts";
import { type Api, type Answer, RequestRefused, type Route } from "./route.ts";
import type { AnyResponse } from "./written-response.ts";

/** Answers requests by the route tables of all APIs. */
export interface Dispatcher {
  /** @returns the response that is left to be sent; `undefined` when it was written already */
  answer(event: RequestEvent): Promise<AnyResponse | undefined>;
  /** Refuses a request before a route is looked for. */
  refuse(event: RequestEvent, refused: RequestRefused): Promise<AnyResponse | undefined>;
  /** Reports an error because of which an answer could not be sent. @returns the response to send instead */
  answerFailure(event: RequestEvent, error: unknown): Promise<AnyResponse>;
}

export function createDispatcher(options: ExchangeOptions): Dispatcher {
  const ownerOf = (pathname: string): Api => options.apis.find((api) => api.owns(pathname)) ?? options.apis[0];
  const chain = new ExchangeChain(options);
  const paths = pathsOf(options.apis);
  const dispatch = (event: RequestEvent): Promise<AnyResponse | undefined> => {
    const found = paths.find(event.url.pathname);
    if (found !== undefined) {
      const { api, prefix, routes } = found.value;
      event.context.params = found.parameters;
      found.value.handle ??= handlerOfPath(chain, api, routes);
      return found.value.handle(event, prefix);
    }
    const { rest, api } = restFor(options.apis, event);
    if (rest !== undefined) return chain.answer(api, { handle: (event) => rest.serve(event) }, event);
    const owner = ownerOf(event.url.pathname);
    return chain.answer(owner, admitted(owner, refuseUnknownPath), event);
  };
  const answerFailure = async (event: RequestEvent, error: unknown): Promise<AnyResponse> => {
    const api = ownerOf(event.url.pathname);
    const fail = (cause: unknown): void => chain.fail({ method: event.req.method, path: event.url.pathname }, cause);
    fail(error);
    return (await toResponse(api.toAnswer(error, event), api, event, fail)).response;
  };
  const guarded = async (
    event: RequestEvent,
    answer: () => Promise<AnyResponse | undefined>,
  ): Promise<AnyResponse | undefined> => {
    try {
      return await answer();
    } catch (error) {
      return answerFailure(event, error);
    }
  };
  return {
    answer: (event) => guarded(event, () => dispatch(event)),
    refuse: (event, refused) =>
      guarded(event, () => chain.answer(ownerOf(event.url.pathname), refusing(refused), event)),
    answerFailure,
  };
}

/** Answers the requests of a path; `prefix` is the one of its API that the request has. */
type PathHandler = (event: RequestEvent, prefix: string) => ReturnType<ExchangeChain["answer"]>;

/** A path that an API serves. */
interface ServedPath {
  api: Api;
  prefix: string;
  routes: readonly Route[];
  /** Made with the first request: of most paths there is none. */
  handle: PathHandler | undefined;
}

/** Handles the requests of one path, whatever their method is. */
function handlerOfPath(chain: ExchangeChain, api: Api, routes: readonly Route[]): PathHandler {
  const rules = api.methods ?? USUAL_METHODS;
  const ofMethod = new Map<string, Route>(routes.map((route) => [route.method, route]));
  const methods = routes.map(({ method }) => method);
  const otherMethod = admitted(api, (event) => rules.answer(event, methods));
  return (event, prefix) => {
    const method = wantedMethod(event, rules);
    const otherPath = rules.triesOtherPaths && !ofMethod.has(method);
    const route = otherPath ? routeOfOtherPath(api, method, prefix, event) : ofMethod.get(method);
    if (route === undefined) return chain.answer(api, otherMethod, event);
    const { handle, emptyBodyOnError = false } = route;
    return chain.answer(api, { handle, emptyBodyOnError, route }, event);
  };
}

/** The method whose route answers a request. */
function wantedMethod({ req: { method } }: RequestEvent, { headIsGet }: MethodRules): string {
  return method === "HEAD" && headIsGet ? "GET" : method;
}

/** What serves a path without a route, when it is read. */
function restFor(apis: ExchangeOptions["apis"], event: RequestEvent): { rest?: NonNullable<Api["rest"]>; api: Api } {
  const isRead = event.req.method === "GET" || event.req.method === "HEAD";
  const api = isRead ? apis.find(({ rest }) => rest?.owns(event.url.pathname)) : undefined;
  return api?.rest === undefined ? { api: apis[0] } : { rest: api.rest, api };
}

/** Answers requests that have no route, if the API admits them. */
function admitted(api: Api, answer: (event: RequestEvent) => Answer): Handler {
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
function routeOfOtherPath(api: Api, method: string, prefix: string, event: RequestEvent): Route | undefined {
  const found = findFittingRoute(api.routes, method, event.url.pathname.slice(prefix.length));
  if (found !== undefined) event.context.params = found.parameters;
  return found?.route;
}

/** The paths that are served, and where they are found by requests. */
interface ServedPaths {
  find(path: string): FoundPath<ServedPath> | undefined;
}

/**
 * All paths with their routes.
 * @throws Error when two paths differ only in the names of their parameters
 */
function pathsOf(apis: readonly Api[]): ServedPaths {
  const served = apis.flatMap((api) =>
    [...Map.groupBy(api.routes, ({ path }) => path)].flatMap(([path, routes]) =>
      api.prefixes.map((prefix) => ({ template: prefix + path, api, prefix, routes, handle: undefined })),
    ),
  );
  const tree = treeOf(served.map(({ template }) => template));
  return {
    find: (path) => {
      const found = tree.find(path);
      const value: ServedPath | undefined = found && served[found.value];
      return found && value && { value, parameters: found.parameters };
    },
  };
}

/** The tree that was made last. */
let lastTree: { templates: readonly string[]; tree: PathTree<number> } | undefined;

/** The tree of these templates, each with its place in the list. The servers of one process have the same. */
function treeOf(templates: readonly string[]): PathTree<number> {
  const isSame =
    lastTree?.templates.length === templates.length &&
    lastTree.templates.every((template, index) => template === templates[index]);
  if (lastTree !== undefined && isSame) return lastTree.tree;
  const tree = new PathTree<number>();
  for (const [index, template] of templates.entries()) tree.add(template, index);
  lastTree = { templates, tree };
  return tree;
}
