import { getQuery, type H3Event } from "h3";
import * as v from "valibot";
import { parseJsonInSlices } from "../core/json.ts";
import { readInOrder } from "../http/body-order.ts";
import { readBodyText } from "../http/body.ts";
import { OUTGOING_USER_AGENT } from "../http/client/post.ts";
import type { Answer, Method, Route } from "../http/route.ts";
import type { Tenancy } from "../opik/access/owner.ts";
import { LocalError } from "./errors.ts";
import { localError } from "./schema.ts";

/** A request to one of the server's own endpoints that has passed the checks of form. */
export interface LocalRequest<Body> {
  body: Body;
  query: Readonly<Record<string, string | undefined>>;
  /**
   * The workspace that the request names.
   * @throws OpikError 404 when it does not exist
   */
  workspace(): string;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

/** One endpoint, as `routes.ts` writes it down. */
export interface LocalRouteDefinition<Body> {
  method: Method;
  /** Under `/__local`. */
  path: string;
  id: string;
  summary: string;
  query?: readonly string[];
  body?: v.GenericSchema<unknown, Body>;
  responses: Route["operation"]["responses"];
  handle(request: LocalRequest<Body>): Answer | Promise<Answer>;
}

export type DefineLocalRoute = <Body = undefined>(definition: LocalRouteDefinition<Body>) => Route;

/** Where everything is that no real server has. */
export const LOCAL = "/__local";

export function createLocalRouteDefiner(
  { checkKey, ownerOf }: Pick<Tenancy, "checkKey" | "ownerOf">,
  maxBodyBytes: number,
): DefineLocalRoute {
  return (definition) => ({
    method: definition.method,
    path: LOCAL + definition.path,
    operation: {
      id: definition.id,
      tag: "Local",
      summary: definition.summary,
      parameters: (definition.query ?? []).map((name) => ({
        name,
        in: "query" as const,
        required: false,
        schema: { type: "string" },
      })),
      request: definition.body as v.GenericSchema | undefined,
      responses: { 400: localError, ...definition.responses },
    },
    handle: async (event) => {
      refuseOwnRequest(event);
      checkKey(event);
      const { body } = definition;
      const read = body === undefined ? undefined : await readBody(event, body, maxBodyBytes);
      const query = readQuery(event, definition.query ?? []);
      return definition.handle({
        body: read as never,
        query,
        workspace: () => ownerOf(event).workspace,
        signal: event.req.signal,
      });
    },
  });
}

/**
 * A job's endpoint, webhook or notify_url may be any address of this machine, but none that resets or seeds the server.
 * @throws LocalError 403
 */
function refuseOwnRequest({ req }: H3Event): void {
  if (req.headers.get("user-agent") !== OUTGOING_USER_AGENT) return;
  throw new LocalError(403, `Pushes and webhooks may not call ${LOCAL}`);
}

async function readBody<Body>(event: H3Event, schema: v.GenericSchema<unknown, Body>, maxBytes: number): Promise<Body> {
  const input = await readInOrder(event, async () => parseJsonInSlices(await readBodyText(event, maxBytes)));
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const details = result.issues.map((issue) => ({ path: v.getDotPath(issue) ?? "", message: issue.message }));
  throw new LocalError(400, "The body has not the expected form", details);
}

function readQuery(event: H3Event, names: readonly string[]): Record<string, string | undefined> {
  const query = getQuery(event);
  return Object.fromEntries(names.map((name) => [name, typeof query[name] === "string" ? query[name] : undefined]));
}
