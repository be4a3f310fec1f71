import type * as v from "valibot";
import { parseJsonInSlices } from "../core/json.ts";
import { type BodyReader, createBodyCheck, createCheckedReader } from "../http/body-reader.ts";
import { readBodyText } from "../http/body.ts";
import { OUTGOING_USER_AGENT } from "../http/client/post.ts";
import { defineRoute, type RequestValues } from "../http/define-route.ts";
import type { Endpoint, Parameter } from "../http/endpoint.ts";
import { type Exchange, exchangeOf } from "../http/interceptor.ts";
import type { RequestEvent } from "../http/request-event.ts";
import type { Answer, Method, Route } from "../http/route.ts";
import { listsForObjects } from "../http/schema.ts";
import type { Owner, Tenancy } from "../opik/access/owner.ts";
import { LocalError } from "./errors.ts";
import { describeIssues, type FieldMistake, fieldsOf } from "./issues.ts";
import { localError } from "./schema.ts";

/** A request to one of the server's own endpoints that has passed the checks of form. */
export interface LocalRequest<Body> {
  body: Body;
  query: Readonly<Record<string, string | undefined>>;
  /** A parameter of the path by its name. */
  path(name: string): string;
  /**
   * The workspace that the request names.
   * @throws OpikError 404 when it does not exist
   */
  workspace(): string;
  /** The owner that the request names. @throws OpikError 404 when its workspace does not exist */
  owner(): Owner;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
  event: RequestEvent;
}

/** One endpoint, as `routes.ts` writes it down. */
export interface LocalRouteDefinition<Body> {
  method: Method;
  /** Under `/__local`. */
  path: string;
  /** The path is not under `/__local`. */
  isAtRoot?: boolean;
  /** The parameters of the path. */
  pathNames?: readonly string[];
  id: string;
  summary: string;
  query?: readonly string[];
  /** Those parameters of the query that name a job or run whose state the answer shows. */
  subjects?: readonly string[];
  body?: v.GenericSchema<unknown, Body>;
  responses: Route["operation"]["responses"];
  handle(request: LocalRequest<Body>): Answer | Response | Promise<Answer | Response>;
}

export type DefineLocalRoute = <Body = undefined>(definition: LocalRouteDefinition<Body>) => Route;

/** The prefix of endpoints that only this server has. */
const LOCAL = "/__local";

/** The default path of Prometheus scrapers. */
const METRICS = "/metrics";

/** The path of the Model Context Protocol. */
export const MCP_PATH = "/mcp";

/** Whether a path is one of the server's own endpoints, or would be. */
export function isLocalPath(path: string): boolean {
  return path === LOCAL || path.startsWith(`${LOCAL}/`) || path === METRICS || path === MCP_PATH;
}

/** The header of requests that a test or a command of ours sends to work with the server, on any of its APIs. */
export const CONTROL_HEADER = "x-opik-local-control";

/**
 * Whether a request works with the server instead of being one of the clients that it serves: such requests are not in the
 * journal, and no fault is injected into them.
 */
export function isControl({ path, event }: Pick<Exchange, "path" | "event">): boolean {
  return isLocalPath(path) || event.req.headers.has(CONTROL_HEADER);
}

/**
 * Creates the function that defines the routes under `/__local`: they check the API key, and read the body and the
 * query by their schemas.
 */
export function createLocalRouteDefiner(
  { checkKey, ownerOf }: Pick<Tenancy, "checkKey" | "ownerOf">,
  maxBodyBytes: number,
): DefineLocalRoute {
  return <Body>({
    path,
    isAtRoot = false,
    pathNames,
    query,
    subjects,
    responses,
    handle,
    ...definition
  }: LocalRouteDefinition<Body>) => {
    const { body } = definition;
    const endpoint: Endpoint<LocalParameters, LocalParameters, Body> = {
      ...definition,
      path: isAtRoot ? path : LOCAL + path,
      pathParameters: Object.fromEntries((pathNames ?? []).map((name) => [name, pathText])),
      tag: "Local",
      query: Object.fromEntries((query ?? []).map((name) => [name, queryText])),
      responses: { 400: localError, ...responses },
    };
    return defineRoute<LocalParameters, LocalParameters, Body, string | undefined, undefined>(endpoint, () => ({
      admit: (event) => {
        refuseOwnRequest(event);
        checkKey(event);
        return undefined;
      },
      pathOf:
        ({ context }) =>
        (name) =>
          context.params?.[name],
      queryOf: ({ url }) => {
        const { searchParams } = url;
        return (name) => {
          const [value, ...others] = searchParams.getAll(name);
          return others.length === 0 ? value : undefined;
        };
      },
      readBody: body && createBodyReader(body, maxBodyBytes),
      answer: async (read, _admission, event) => {
        const request = toRequest(await read());
        if (subjects !== undefined) nameSubjects(event, subjects, request);
        return handle({
          ...request,
          workspace: () => ownerOf(event).workspace,
          owner: () => ownerOf(event),
          signal: event.req.signal,
          event,
        });
      },
    }));
  };
}

/** Notes in the exchange which jobs and runs these parameters name. */
function nameSubjects(
  event: RequestEvent,
  parameters: readonly string[],
  { query }: Pick<LocalRequest<undefined>, "query">,
): void {
  const exchange = exchangeOf(event);
  if (exchange !== undefined) exchange.subjects = parameters.flatMap((name) => query[name] ?? []);
}

/** A query parameter: any text. */
const queryText: Parameter<string | undefined, string | undefined> = {
  schema: { type: "string" },
  required: false,
  read: (text) => text,
};

/** A path parameter: any text. */
const pathText = { ...queryText, required: true };

type LocalParameters = Readonly<Record<string, typeof queryText>>;

/**
 * A job's endpoint, webhook or notify_url may be any address of this machine, but none that resets or seeds the server.
 * @throws LocalError 403
 */
function refuseOwnRequest({ req }: RequestEvent): void {
  if (req.headers.get("user-agent") !== OUTGOING_USER_AGENT) return;
  throw new LocalError(403, `Pushes and webhooks may not call ${LOCAL}`);
}

function toRequest<Body>({
  path,
  query,
  body,
}: RequestValues<LocalParameters, LocalParameters, Body>): Pick<LocalRequest<Body>, "path" | "query" | "body"> {
  return { query, body, path: (name) => path[name] ?? "" };
}

function createBodyReader<Body>(schema: v.GenericSchema<unknown, Body>, maxBytes: number): BodyReader<Body> {
  const refusal = (mistakes: readonly FieldMistake[]): LocalError =>
    new LocalError(400, "The body does not have the expected form", mistakes);
  const refuseLists = (body: unknown): void => {
    const lists = listsForObjects(schema, body);
    if (lists.length > 0) throw refusal(lists.map((path) => ({ path: path.join("."), message: "must be an object" })));
  };
  const checked = createBodyCheck(schema, refuseLists, (issues) => refusal(describeIssues(issues, fieldsOf(schema))));
  return createCheckedReader(async (event) => {
    const text = await readBodyText(event, maxBytes);
    // What has no fields that are needed can be left out altogether.
    return text === "" ? {} : parseJsonInSlices(text);
  }, checked);
}
