import { defineRoute, type RequestValues } from "../../http/define-route.ts";
import type { Endpoint, ValuesOf } from "../../http/endpoint.ts";
import type { IgnoredFields } from "../../http/ignored-fields.ts";
import type { RequestEvent, RequestHeaders } from "../../http/request-event.ts";
import { type Answer, RequestRefused, type Route } from "../../http/route.ts";
import { isResponse } from "../../http/written-response.ts";
import { jsonAnswer, SECURITY_HEADERS, slicedAnswer } from "./answer.ts";
import { createBodyReader } from "./body.ts";
import type { RequiredScope } from "./caller.ts";
import type { Parameter } from "./parameters.ts";

type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** A request that has passed all checks of form. */
export interface RunsRequest<Caller, Path extends Parameters, Query extends Parameters, Body> extends RequestValues<
  Path,
  Query,
  Body
> {
  caller: Caller;
  headers: RequestHeaders;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
  /** The request itself, for answers that are streams. */
  event: RequestEvent;
}

/** One endpoint of the runs API, as its `routes.ts` writes it down. */
export type RunsRouteDefinition<Caller, Path extends Parameters, Query extends Parameters, Body> = Endpoint<
  Path,
  Query,
  Body
> &
  Handling<RunsRequest<Caller, Path, Query, Body>> & {
    scope?: RequiredScope;
    /** Checks that the real server makes before it looks at the body. */
    before?(request: { caller: Caller; path: ValuesOf<Path> }): void;
  };

type Handling<Request> =
  | {
      /**
       * The same request with the same idempotency key is answered only once [strait 4.2]. Such a route answers
       * without waiting for anything: what it does and the keeping of its answer are one transaction.
       */
      idempotent: true;
      handle(request: Request): Answer;
    }
  | { idempotent?: false; handle(request: Request): Answer | Response | Promise<Answer | Response> };

/**
 * What the routes of one half of this API share: how a caller is recognised and what is checked around its
 * handlers. Executors come with a run token, the control plane with an API key or nothing.
 */
export interface AccessGuard<Caller> {
  /** @throws StraitError when the caller may not come in at all */
  authenticate(event: RequestEvent, path: Readonly<Record<string, string>>): Caller | Promise<Caller>;
  /** Checks between authentication and parameters, such as media types. */
  admit?(event: RequestEvent): void;
  /** @throws StraitError 403 */
  authorize?(caller: Caller, scope: RequiredScope): void;
  /** After the body is read: a last look, and what the body says of the caller. */
  complete?(caller: Caller, body: unknown): Caller;
  /** Reads the request and answers it, unless the answer is known already. */
  once?(caller: Caller, event: RequestEvent, read: () => Promise<() => Answer>): Promise<Answer>;
  /** Headers of every answer to an admitted caller. */
  headers?(event: RequestEvent): Readonly<Record<string, string>>;
}

/** Makes routes of one surface. */
export type DefineRunsRoute<Caller> = <
  const Path extends Parameters = {},
  const Query extends Parameters = {},
  Body = undefined,
>(
  definition: RunsRouteDefinition<Caller, Path, Query, Body>,
) => Route;

export interface BodyOptions {
  /** A longer body is cut off there. */
  maxBodyBytes: number;
  ignoredFields: IgnoredFields;
}

/** The order of checks is the real server's [strait 0.1, 0.2]. */
export function createRouteDefiner<Caller>(
  surface: AccessGuard<Caller>,
  { maxBodyBytes, ignoredFields }: BodyOptions,
): DefineRunsRoute<Caller> {
  return <const Path extends Parameters, const Query extends Parameters, Body>(
    definition: RunsRouteDefinition<Caller, Path, Query, Body>,
  ): Route => {
    const { path, body: schema } = definition;
    return defineRoute<Path, Query, Body, readonly string[], Admission<Caller>>(definition, () => ({
      admit: async (event) => {
        const texts = decodeAll(event.context.params ?? {});
        const caller = await surface.authenticate(event, texts);
        surface.admit?.(event);
        if (!slashMayEnd(path) && event.url.pathname.endsWith("/")) throw new RequestRefused(404, "404 page not found");
        if (definition.scope !== undefined) surface.authorize?.(caller, definition.scope);
        return { texts, caller, headers: surface.headers?.(event) ?? {} };
      },
      pathOf: (_event, { texts }) => {
        return (name) => [texts[name] ?? ""];
      },
      queryOf: ({ url }) => {
        const { searchParams } = url;
        return (name) => searchParams.getAll(name);
      },
      check: (values, { caller }) => definition.before?.({ caller, path: values.path }),
      readBody: schema && createBodyReader(schema, maxBodyBytes, ignoredFields.checkOf(definition, schema)),
      answer: async (read, { caller, headers }, event) => {
        const readRequest = async (): Promise<RunsRequest<Caller, Path, Query, Body>> => {
          const values = await read();
          return {
            ...values,
            caller: surface.complete?.(caller, values.body) ?? caller,
            headers: event.req.headers,
            // Few ask for it, and it sets a listener on the connection.
            get signal() {
              return event.req.signal;
            },
            event,
          };
        };
        if (!definition.idempotent || surface.once === undefined) {
          return withHeaders(await definition.handle(await readRequest()), headers);
        }
        return surface.once(caller, event, async () => {
          const request = await readRequest();
          return () => jsonAnswer(withOwn(headers, definition.handle(request)));
        });
      },
    }));
  };
}

/** What is known of a request before its parameters are read. */
interface Admission<Caller> {
  caller: Caller;
  /** The path parameters, decoded. */
  texts: Readonly<Record<string, string>>;
  /** Headers of the answer. */
  headers: Readonly<Record<string, string>>;
}

function withOwn(headers: Readonly<Record<string, string>>, answer: Answer): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function withHeaders(answer: Answer | Response, headers: Readonly<Record<string, string>>): Answer | Response {
  if (!isResponse(answer)) return slicedAnswer(withOwn(headers, answer));
  for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, ...headers })) {
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}

/**
 * Whether a path is served with a slash at its end, too. Of the paths of executors that is only the list of memory
 * [strait 0.1].
 */
function slashMayEnd(path: string): boolean {
  return !path.startsWith("/sdk/") || path.endsWith("/memory");
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
