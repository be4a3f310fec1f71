import type { H3Event } from "h3";
import { type Endpoint, operationOf, readAll, type ValuesOf } from "../../http/endpoint.ts";
import type { Answer, Route } from "../../http/route.ts";
import { jsonAnswer, SECURITY_HEADERS } from "./answer.ts";
import { createBodyReader } from "./body.ts";
import type { Parameter } from "./parameters.ts";

type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** A request that has passed all checks of form. */
export interface RunsRequest<Caller, Path extends Parameters, Query extends Parameters, Body> {
  caller: Caller;
  path: ValuesOf<Path>;
  query: ValuesOf<Query>;
  body: Body;
  headers: Headers;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
  /** The request itself, for answers that are streams. */
  event: H3Event;
}

/** One endpoint of the runs API, as its `routes.ts` writes it down. */
export interface RunsRouteDefinition<Caller, Path extends Parameters, Query extends Parameters, Body> extends Endpoint<
  Path,
  Query,
  Body
> {
  /** What an API key must be allowed to do, such as `jobs:trigger` (facts 1.2). */
  scope?: string;
  /** Answers the same request with the same idempotency key only once (facts 4.2). */
  idempotent?: boolean;
  /** Checks that the real server makes before it looks at the body. */
  before?(request: { caller: Caller; path: ValuesOf<Path> }): void;
  handle(request: RunsRequest<Caller, Path, Query, Body>): Answer | Response | Promise<Answer | Response>;
}

/**
 * What the routes of one half of this API share: how a caller is recognised and what is checked around its
 * handlers. Executors come with a run token, the control plane with an API key or nothing.
 */
export interface Surface<Caller> {
  /** @throws RunsError when the caller may not come in at all */
  authenticate(event: H3Event, path: Readonly<Record<string, string>>): Caller | Promise<Caller>;
  /** Checks between authentication and parameters, such as media types. */
  admit?(event: H3Event): void;
  /** @throws RunsError 403 */
  authorize?(caller: Caller, scope: string): void;
  /** After the body is read: a last look, and what the body says of the caller. */
  complete?(caller: Caller, body: unknown): Caller;
  /** Runs `produce` unless its answer is known already. */
  once?(caller: Caller, event: H3Event, produce: () => Promise<Answer | Response>): Promise<Answer | Response>;
  /** Headers of every answer to a caller who was let in. */
  headers?(event: H3Event): Readonly<Record<string, string>>;
}

/** Makes routes of one surface. */
export type DefineRunsRoute<Caller> = <
  const Path extends Parameters = {},
  const Query extends Parameters = {},
  Body = undefined,
>(
  definition: RunsRouteDefinition<Caller, Path, Query, Body>,
) => Route;

/** The order of checks is the real server's (facts 0.1, 0.2). */
export function createRouteDefiner<Caller>(surface: Surface<Caller>, maxBodyBytes: number): DefineRunsRoute<Caller> {
  return <const Path extends Parameters, const Query extends Parameters, Body>(
    definition: RunsRouteDefinition<Caller, Path, Query, Body>,
  ): Route => {
    const { method, path, pathParameters, query } = definition;
    const readBody = definition.body && createBodyReader(definition.body, maxBodyBytes);
    return {
      method,
      path,
      operation: operationOf(definition),
      handle: async (event) => {
        const texts = decodeAll(event.context.params ?? {});
        const caller = await surface.authenticate(event, texts);
        surface.admit?.(event);
        if (definition.scope !== undefined) surface.authorize?.(caller, definition.scope);
        const produce = async (): Promise<Answer | Response> => {
          const { searchParams } = event.url;
          const pathValues = readAll(pathParameters, (name) => [texts[name] ?? ""]);
          const queryValues = readAll(query, (name) => searchParams.getAll(name));
          definition.before?.({ caller, path: pathValues });
          const body = (await readBody?.(event)) as Body;
          const answer = await definition.handle({
            caller: surface.complete?.(caller, body) ?? caller,
            path: pathValues,
            query: queryValues,
            body,
            headers: event.req.headers,
            signal: event.req.signal,
            event,
          });
          return withHeaders(answer, surface.headers?.(event) ?? {});
        };
        return definition.idempotent && surface.once ? surface.once(caller, event, produce) : produce();
      },
    };
  };
}

function withHeaders(answer: Answer | Response, headers: Readonly<Record<string, string>>): Answer | Response {
  if (!(answer instanceof Response)) return jsonAnswer({ ...answer, headers: { ...headers, ...answer.headers } });
  for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, ...headers })) {
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}

/** The real server's router leaves some characters encoded and others not; here all are decoded once. */
function decodeAll(params: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decodeText(String(text))]));
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
