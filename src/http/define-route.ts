import type { BodyReader } from "./body-reader.ts";
import { createParameterReader, type Endpoint, operationOf, type Parameters, type ValuesOf } from "./endpoint.ts";
import type { RequestEvent } from "./request-event.ts";
import type { Answer, Operation, Route } from "./route.ts";

/** What a request has been read to. */
export interface RequestValues<Path extends Parameters<never>, Query extends Parameters<never>, Body> {
  path: ValuesOf<Path>;
  query: ValuesOf<Query>;
  body: Body;
}

/**
 * What an API adds to the definition of an endpoint: its order of checks, where it finds parameters, how it reads bodies
 * and finishes answers. `Admission` is what is known of a request before its parameters are read, `Sent` what is read of
 * a parameter.
 */
export interface Dialect<Path extends Parameters<Sent>, Query extends Parameters<Sent>, Body, Sent, Admission> {
  /** Checks a request before anything of it is read. @throws the API's own error */
  admit(event: RequestEvent): Admission | Promise<Admission>;
  /** Returns the source of path parameters by name. */
  pathOf(event: RequestEvent, admission: Admission): (name: string) => Sent;
  /** Returns the source of query parameters by name; called only for an endpoint that has some. */
  queryOf(event: RequestEvent): (name: string) => Sent;
  /** Checks between the parameters and the body. @throws the API's own error */
  check?(values: Pick<RequestValues<Path, Query, Body>, "path" | "query">, admission: Admission): void;
  /** Reads the body; left out for an endpoint that reads none. */
  readBody?: BodyReader<Body> | undefined;
  /** Answers the request, which is read when `read` is called. */
  answer(
    read: () => Promise<RequestValues<Path, Query, Body>>,
    admission: Admission,
    event: RequestEvent,
  ): Answer | Response | Promise<Answer | Response>;
}

/**
 * Creates a route of an endpoint and its dialect. A request is admitted; then its path, query and body are read, in that
 * order. What reads and what describes a request is made when it is first needed: a server has hundreds of routes, and
 * most of them are never used.
 * @param createDialect called with the first request
 */
export function defineRoute<Path extends Parameters<Sent>, Query extends Parameters<Sent>, Body, Sent, Admission>(
  endpoint: Endpoint<Path, Query, Body>,
  createDialect: () => Dialect<Path, Query, Body, Sent, Admission>,
): Route {
  const { method, path } = endpoint;
  let operation: Operation | undefined;
  let handle: Route["handle"] | undefined;
  return {
    method,
    path,
    get operation() {
      return (operation ??= operationOf(endpoint));
    },
    handle: (event) => (handle ??= createHandler(endpoint, createDialect()))(event),
  };
}

function createHandler<Path extends Parameters<Sent>, Query extends Parameters<Sent>, Body, Sent, Admission>(
  { pathParameters, query }: Endpoint<Path, Query, Body>,
  dialect: Dialect<Path, Query, Body, Sent, Admission>,
): Route["handle"] {
  const readPath = createParameterReader<Sent, Path>(pathParameters);
  const readQuery = createParameterReader<Sent, Query>(query);
  return async (event) => {
    const admitted = dialect.admit(event);
    const admission = admitted instanceof Promise ? await admitted : admitted;
    const read = async (): Promise<RequestValues<Path, Query, Body>> => {
      const inPath = readPath(dialect.pathOf(event, admission));
      const inQuery = readQuery(query === undefined ? unknownName : dialect.queryOf(event));
      dialect.check?.({ path: inPath, query: inQuery }, admission);
      return { path: inPath, query: inQuery, body: (await dialect.readBody?.(event)) as Body };
    };
    return dialect.answer(read, admission, event);
  };
}

/** The source of no parameters. */
function unknownName(name: string): never {
  throw new Error(`There is no query parameter ${name}`);
}
