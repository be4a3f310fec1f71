import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { between, integer, list, maxLength, object, optional, required, string } from "../../wire/values.ts";

/** The scopes of keys [strait 1.2]. */
export const SCOPES: ReadonlySet<string> = new Set([
  "*",
  "jobs:read",
  "jobs:write",
  "jobs:trigger",
  "runs:read",
  "runs:write",
  "workflows:read",
  "workflows:write",
  "workflows:trigger",
  "secrets:read",
  "secrets:write",
  "webhooks:read",
  "webhooks:write",
  "api-keys:manage",
  "rbac:manage",
  "stats:read",
  "projects:read",
  "projects:write",
  "projects:manage",
  "workers:connect",
  "dlq:read",
  "dlq:replay",
  "dlq:purge",
  "outbox:read",
  "outbox:retry",
  "outbox:purge",
]);

/** Body of `POST /v1/api-keys`. */
export const createApiKeyRequest = object(
  {
    project_id: optional(string()),
    name: maxLength(required(string()), 255),
    scopes: optional(list(string())),
    expires_in_days: between(optional(integer()), 1, 36_500),
    environment_id: optional(string()),
    org_id: optional(string()),
  },
  "CreateAPIKeyRequest",
);
export type CreateApiKeyRequest = v.InferOutput<typeof createApiKeyRequest>;

/** Body of `POST /v1/api-keys/{id}/rotate`. */
export const rotateApiKeyRequest = object({ grace_period_minutes: optional(integer()) }, "RotateAPIKeyRequest");

export const apiKey = v.object({
  id: v.string(),
  project_id: v.string(),
  org_id: v.optional(v.string()),
  name: v.string(),
  key_prefix: v.string(),
  scopes: v.array(v.string()),
  expires_at: v.optional(v.string()),
  revoked_at: v.optional(v.string()),
  created_at: v.string(),
  environment_id: v.optional(v.string()),
});
export type ApiKey = v.InferOutput<typeof apiKey>;

/** The answer that shows the key itself, which only the answer to a rotation does, too. */
export const createdApiKey = v.object({
  id: v.string(),
  project_id: v.string(),
  name: v.string(),
  key: v.string(),
  key_prefix: v.string(),
  scopes: v.array(v.string()),
  expires_at: v.optional(v.string()),
  created_at: v.string(),
});
export type CreatedApiKey = v.InferOutput<typeof createdApiKey>;

export const rotatedApiKey = v.object({
  created_at: v.string(),
  expires_at: v.nullable(v.string()),
  grace_expires_at: v.string(),
  key: v.string(),
  key_prefix: v.string(),
  name: v.string(),
  new_key_id: v.string(),
  old_key_id: v.string(),
  project_id: v.string(),
  scopes: v.array(v.string()),
});

export const apiKeyPage = pageOf(apiKey);
export const revoked = v.object({ status: v.literal("revoked") });
