import { toResponse } from "./answer.ts";
import { ExchangeChain, type ExchangeOptions, type Handler } from "./exchange.ts";
import { findFittingRoute, type MethodRules, USUAL_METHODS } from "./methods.ts";
import type { RequestEvent } from "./request-event.ts";
import { type Api, type Answer, RequestRefused, type Route } from "./route.ts";
import { type ServedPath, ServedPaths } from "./served-paths.ts";
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

/** Creates the dispatcher of the routes of all APIs; the first API answers for paths that none owns. */
export function createDispatcher(options: ExchangeOptions): Dispatcher {
  const ownerOf = (pathname: string): Api => options.apis.find((api) => api.owns(pathname)) ?? options.apis[0];
  const chain = new ExchangeChain(options);
  const paths = new ServedPaths(options.apis);
  /** Made with the first request for a path: of most paths there is none. */
  const handlers = new Map<ServedPath, PathHandler>();
  const handlerOf = (path: ServedPath): PathHandler => {
    const handler = handlers.get(path) ?? handlerOfPath(chain, path);
    handlers.set(path, handler);
    return handler;
  };
  const dispatch = (event: RequestEvent): Promise<AnyResponse | undefined> => {
    const found = paths.find(event.url.pathname);
    if (found !== undefined) {
      event.context.params = found.parameters;
      return handlerOf(found.value)(event);
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

/** Answers the requests of a path. */
type PathHandler = (event: RequestEvent) => ReturnType<ExchangeChain["answer"]>;

/** Handles the requests of one path, whatever their method is. */
function handlerOfPath(chain: ExchangeChain, { api, prefix, routes }: ServedPath): PathHandler {
  const rules = api.methods ?? USUAL_METHODS;
  const ofMethod = new Map<string, Route>(routes.map((route) => [route.method, route]));
  const methods = routes.map(({ method }) => method);
  const otherMethod = admitted(api, (event) => rules.answer(event, methods));
  return (event) => {
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
