import type { BodyReader } from "../../http/body-reader.ts";
import { readBodyBytes } from "../../http/body.ts";
import { defineRoute, type RequestValues } from "../../http/define-route.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { IgnoredFields } from "../../http/ignored-fields.ts";
import type { RequestEvent, RequestHeaders } from "../../http/request-event.ts";
import type { Answer, Route } from "../../http/route.ts";
import { isResponse } from "../../http/written-response.ts";
import type { Owner, Tenancy } from "../access/owner.ts";
import { createBodyReader } from "./body.ts";
import { OpikError } from "./errors.ts";
import { checkBodyType, checkMediaTypes } from "./media-types.ts";
import type { Parameter } from "./parameters.ts";

type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** A request that has passed all checks of form. */
export interface OpikRequest<Path extends Parameters, Query extends Parameters, Body> extends RequestValues<
  Path,
  Query,
  Body
> {
  /** The owner of the request: all data belongs to an owner. */
  owner: Owner;
  /** The headers as they were sent. */
  headers: RequestHeaders;
  /** Reads the body of a route without a schema for it. @throws RequestRefused 413 */
  bytes(): Promise<Buffer>;
  /** Scheme and host as the client wrote them, for `Location` headers. */
  origin: string;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

/** One endpoint of Opik's API, as its `routes.ts` writes it down. */
export interface OpikRouteDefinition<Path extends Parameters, Query extends Parameters, Body> extends Endpoint<
  Path,
  Query,
  Body
> {
  /** The body may be left out; it then reads as `undefined`. */
  bodyIsOptional?: boolean;
  /** A hint for the console when a request is refused: a consequence that the client does not show to its user. */
  noticeWhenRefused?: string;
  /** A long poll: an internal error is answered without a body [opik 1.3]. */
  longPoll?: boolean;
  /** The body may be of any type, and so may be the answer: neither is JSON. */
  anyMediaType?: boolean;
  /** The types that a body may have instead of JSON's, which the endpoint reads itself; it answers without a body. */
  bodyTypes?: readonly string[];
  /** The endpoint needs no workspace and no key; all others are under `/v1/private`. */
  open?: boolean;
  handle(request: OpikRequest<Path, Query, Body>): Answer | Response | Promise<Answer | Response>;
}

/** Makes routes for one server's settings. */
export type DefineOpikRoute = <
  const Path extends Parameters = {},
  const Query extends Parameters = {},
  Body = undefined,
>(
  definition: OpikRouteDefinition<Path, Query, Body>,
) => Route;

/**
 * The order of checks is the real server's [opik 1.1]: route, media types, workspace, path, query and JSON
 * in that order, constraints of the body, then the service's own.
 */
export function createRouteDefiner(
  tenancy: Tenancy,
  maxBodyBytes: number,
  ignoredFields: IgnoredFields,
): DefineOpikRoute {
  return <const Path extends Parameters, const Query extends Parameters, Body>(
    definition: OpikRouteDefinition<Path, Query, Body>,
  ): Route => {
    const route = defineRoute<Path, Query, Body, string | undefined, Admission>(definition, () => {
      const { body: schema, bodyIsOptional: optional = false } = definition;
      const readBody =
        schema &&
        createBodyReader(schema, {
          maxBytes: maxBodyBytes,
          optional,
          check: ignoredFields.checkOf(definition, schema),
        });
      const pathParameters = Object.entries<Parameter<unknown>>(definition.pathParameters ?? {});
      const queryParameters = Object.entries<Parameter<unknown>>(definition.query ?? {});
      return {
        admit: (event) => ({
          answerType: answerTypeOf(definition, event),
          owner: definition.open ? tenancy.defaultOwner : tenancy.ownerOf(event),
        }),
        pathOf: ({ context }) => {
          const inPath: Readonly<Record<string, string>> = context.params ?? {};
          return (name) => inPath[name];
        },
        queryOf: ({ url }) => {
          const { searchParams } = url;
          return (name) => searchParams.get(name) ?? undefined;
        },
        check: ({ path, query }) => {
          checkConstraints("path", pathParameters, path);
          checkConstraints("query", queryParameters, query);
        },
        readBody: readBody as BodyReader<Body> | undefined,
        answer: async (read, { owner, answerType }, event) => {
          const answer = await definition.handle(new ReadRequest(event, owner, await read(), maxBodyBytes));
          return answerType === undefined || isResponse(answer) ? answer : withType(answer, answerType);
        },
      };
    });
    route.emptyBodyOnError = definition.longPoll ?? false;
    route.handle = withNotice(definition.noticeWhenRefused, route.handle);
    return route;
  };
}

/** A request whose parameters and body are read. */
class ReadRequest<Path extends Parameters, Query extends Parameters, Body> implements OpikRequest<Path, Query, Body> {
  readonly owner: Owner;
  readonly path: OpikRequest<Path, Query, Body>["path"];
  readonly query: OpikRequest<Path, Query, Body>["query"];
  readonly body: Body;
  readonly #event: RequestEvent;
  readonly #maxBodyBytes: number;

  constructor(event: RequestEvent, owner: Owner, values: RequestValues<Path, Query, Body>, maxBodyBytes: number) {
    this.#event = event;
    this.owner = owner;
    this.path = values.path;
    this.query = values.query;
    this.body = values.body;
    this.#maxBodyBytes = maxBodyBytes;
  }

  // Not a function in a field: V8 allocates those as old objects at once, and they keep the whole request in memory until
  // the next full garbage collection.
  get bytes(): () => Promise<Buffer> {
    return () => readBodyBytes(this.#event, this.#maxBodyBytes);
  }

  get headers(): RequestHeaders {
    return this.#event.req.headers;
  }

  // Computed on demand, because few routes need them and they cost time: a URL is parsed, a listener is added to the
  // connection.
  get origin(): string {
    return this.#event.url.origin;
  }

  get signal(): AbortSignal {
    return this.#event.req.signal;
  }
}

/** What is known of a request before its parameters are read. */
interface Admission {
  owner: Owner;
  /** The type of the answer, if the client names another than the usual one. */
  answerType: string | undefined;
}

/** Checks the types of a request; returns the one of the answer, if it is another than the usual one. */
function answerTypeOf(
  { anyMediaType = false, bodyTypes }: Pick<OpikRouteDefinition<{}, {}, unknown>, "anyMediaType" | "bodyTypes">,
  event: RequestEvent,
): string | undefined {
  if (bodyTypes === undefined) return anyMediaType ? undefined : checkMediaTypes(event);
  checkBodyType(event, (type) => bodyTypes.includes(type.split(";")[0]?.trim().toLowerCase() ?? ""));
  return undefined;
}

/** Adds the route's hint to errors without one. */
function withNotice(notice: string | undefined, handle: Route["handle"]): Route["handle"] {
  if (notice === undefined) return handle;
  return async (event) => {
    try {
      return await handle(event);
    } catch (error) {
      if (error instanceof OpikError) error.notice ??= `${notice} (${error.status}: ${error.message})`;
      throw error;
    }
  };
}

/** Names the type of JSON as the client did. */
function withType(answer: Answer, type: string): Answer {
  if (answer.body === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, "content-type": type } };
}

/** @throws OpikError 400 that names all broken constraints */
function checkConstraints(
  place: "path" | "query",
  parameters: ReadonlyArray<[name: string, Parameter<unknown>]>,
  values: Readonly<Record<string, unknown>>,
): void {
  const errors: string[] = [];
  for (const [name, parameter] of parameters) {
    const violation = parameter.violation?.(values[name]);
    if (violation !== undefined) errors.push(`${place} param ${name} ${violation}`);
  }
  if (errors.length > 0) throw OpikError.errors(400, ...errors);
}
