import type { Route } from "../../../http/route.ts";
import { SHOWN_NULL } from "../../wire/answer.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { formatTime } from "../../wire/time.ts";
import {
  apiKeyPage,
  createApiKeyRequest,
  createdApiKey,
  revoked,
  rotateApiKeyRequest,
  rotatedApiKey,
} from "./schema.ts";
import type { ApiKeyService } from "./service.ts";

const tag = "Executor projects";
const scope = "api-keys:manage";
const pathParameters = { keyId: pathText };

/** Make, list, rotate and revoke API keys. */
export function apiKeyRoutes(route: DefineRunsRoute<Caller>, apiKeys: ApiKeyService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/api-keys",
      id: "createApiKey",
      tag,
      summary: "Make an API key; only this answer shows it",
      scope,
      body: createApiKeyRequest,
      responses: { 201: createdApiKey },
      handle: ({ caller, body }) => ({ status: 201, body: apiKeys.create(caller, body) }),
    }),
    route({
      method: "GET",
      path: "/v1/api-keys",
      id: "listApiKeys",
      tag,
      summary: "List API keys, newest first",
      scope,
      query: { limit: queryLimit(), cursor: queryCursor() },
      responses: { 200: apiKeyPage },
      handle: ({ caller, query }) => ({ status: 200, body: apiKeys.list(caller, query) }),
    }),
    route({
      method: "POST",
      path: "/v1/api-keys/:keyId/rotate",
      id: "rotateApiKey",
      tag,
      summary: "Make a key in the place of another, which works on for the grace period",
      scope,
      pathParameters,
      body: rotateApiKeyRequest,
      responses: { 201: rotatedApiKey },
      handle: ({ caller, path, body }) => {
        const { old, grace_ends_at, made } = apiKeys.rotate(caller, path.keyId, body.grace_period_minutes ?? 0);
        const { id, expires_at, created_at, ...shown } = made;
        return {
          status: 201,
          body: {
            created_at,
            expires_at: expires_at ?? SHOWN_NULL,
            grace_expires_at: formatTime(grace_ends_at),
            key: shown.key,
            key_prefix: shown.key_prefix,
            name: shown.name,
            new_key_id: id,
            old_key_id: old,
            project_id: shown.project_id,
            scopes: shown.scopes,
          },
        };
      },
    }),
    route({
      method: "DELETE",
      path: "/v1/api-keys/:keyId",
      id: "revokeApiKey",
      tag,
      summary: "Revoke an API key",
      scope,
      pathParameters,
      responses: { 200: revoked },
      handle: ({ caller, path }) => {
        apiKeys.revoke(caller, path.keyId);
        return { status: 200, body: { status: "revoked" } };
      },
    }),
  ];
}
