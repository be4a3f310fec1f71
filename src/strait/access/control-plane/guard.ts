import { sameText } from "../../../core/same-text.ts";
import type { RequestEvent } from "../../../http/request-event.ts";
import type { StraitContext } from "../../context.ts";
import { type Caller, requireScope } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import type { AccessGuard } from "../../wire/route.ts";
import { type ApiKeyService, KEY_MARK } from "../api-keys/service.ts";
import type { IdempotencyService } from "../idempotency/service.ts";
import type { SseTokenService } from "../sse-tokens/service.ts";

export interface ControlPlaneGuardDependencies {
  apiKeys: ApiKeyService;
  idempotency: IdempotencyService;
}

/** The access guard of the control plane, under `/v1`. */
export function createControlPlaneGuard(
  { config }: StraitContext,
  { apiKeys, idempotency }: ControlPlaneGuardDependencies,
): AccessGuard<Caller> {
  // A server with one key for everything requires it here, too.
  const asksForKeys = config.requireApiKey || config.apiKey !== undefined;
  const ownerKeys = [config.internalSecret, config.apiKey].filter((key) => key !== undefined);
  return {
    authenticate: (event) => (asksForKeys ? readKnownCaller(event, ownerKeys, apiKeys) : readAnyCaller(event, apiKeys)),
    admit: checkMediaTypes,
    authorize: requireScope,
    complete: (caller, body) => ({ ...caller, projectId: caller.projectId ?? projectIn(body) }),
    once: (caller, event, read) => idempotency.once(caller, event, read),
  };
}

/** The same for streams, which are no JSON: the `Accept` header is not checked [strait 0.1]. */
export function withoutMediaTypes(surface: AccessGuard<Caller>): AccessGuard<Caller> {
  const { admit: _, ...rest } = surface;
  return rest;
}

/** The same for browsers, whose `EventSource` sends no headers: a token in the URL identifies the caller. */
export function openToTokens(surface: AccessGuard<Caller>, sseTokens: SseTokenService): AccessGuard<Caller> {
  return {
    ...surface,
    authenticate: (event, path) => {
      const token = event.url.searchParams.get("token");
      return token ? sseTokens.callerOf(token) : surface.authenticate(event, path);
    },
  };
}

const BEARER = "Bearer ";

/**
 * @param ownerKeys the internal secret and the server's own key, each of which authorizes everything
 * @throws StraitError 401 without one of them or a valid API key [strait 1.2]
 */
function readKnownCaller(event: RequestEvent, ownerKeys: readonly string[], apiKeys: ApiKeyService): Caller {
  const isOwnerKey = (given: string): boolean => ownerKeys.some((key) => sameText(given, key));
  const bearer = bearerOf(event);
  // The server's own key may have the form of an API key.
  if (bearer?.startsWith(KEY_MARK) && !isOwnerKey(bearer)) return apiKeys.callerOf(bearer);
  // An empty header counts as absent, because Go, in which the real server is written, does not distinguish them.
  const secret = event.req.headers.get("x-internal-secret") || bearer;
  if (secret === undefined || !isOwnerKey(secret)) throw new StraitError(401, "invalid or missing internal secret");
  return ownerOf(event, "internal");
}

/** No key is required, but a known one still determines the project and the scopes. */
function readAnyCaller(event: RequestEvent, apiKeys: ApiKeyService): Caller {
  const bearer = bearerOf(event);
  if (bearer?.startsWith(KEY_MARK) && apiKeys.isKnown(bearer)) return apiKeys.callerOf(bearer);
  return ownerOf(event, "local");
}

/** The owner of the server; the project is that of the header or the query. */
function ownerOf(event: RequestEvent, actor: string): Caller {
  const { headers } = event.req;
  return {
    projectId: headers.get("x-project-id") || event.url.searchParams.get("project_id") || undefined,
    environmentId: undefined,
    actor: headers.get("x-actor-id") || actor,
    scopes: undefined,
    internal: true,
  };
}

function bearerOf(event: RequestEvent): string | undefined {
  const header = event.req.headers.get("authorization");
  return header?.startsWith(BEARER) ? header.slice(BEARER.length) : undefined;
}

function projectIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("project_id" in body)) return undefined;
  return typeof body.project_id === "string" && body.project_id !== "" ? body.project_id : undefined;
}

const ACCEPTABLE: ReadonlySet<string> = new Set([
  ...["*/*", "application/*", "application/json", "application/x-ndjson", "text/csv"],
]);

/** The media types of a header as the real server reads them: without parameters, their case as it is. */
function mediaTypesIn(header: string): string[] {
  return header.split(",").map((part) => part.split(";", 1)[0]?.trim() ?? "");
}

/** @throws StraitError 406, 415 [strait 0.1] */
function checkMediaTypes(event: RequestEvent): void {
  const { headers } = event.req;
  const accept = headers.get("accept");
  if (accept && !mediaTypesIn(accept).some((type) => ACCEPTABLE.has(type))) {
    throw new StraitError(406, "this API only serves application/json");
  }
  if (!["POST", "PUT", "PATCH"].includes(event.req.method)) return;
  const type = headers.get("content-type") ?? "";
  const hasBody = Number(headers.get("content-length") ?? 0) > 0;
  if ((hasBody || type !== "") && mediaTypesIn(type)[0] !== "application/json") {
    throw new StraitError(415, "Content-Type must be application/json");
  }
}
