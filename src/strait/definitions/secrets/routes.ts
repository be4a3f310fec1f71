import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit, queryText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { createSecretRequest, secret, secretPage } from "./schema.ts";
import type { SecretService } from "./service.ts";

const tag = "Executor jobs";
const pathParameters = { secretId: pathText };

/** Make, list, read and delete secrets; no answer shows a value. */
export function secretRoutes(route: DefineRunsRoute<Caller>, secrets: SecretService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/secrets",
      id: "createExecutorSecret",
      tag,
      summary: "Keep a secret that a job's pushes carry as a header",
      scope: "secrets:write",
      idempotent: true,
      body: createSecretRequest,
      responses: { 201: secret },
      handle: ({ caller, body }) => ({ status: 201, body: secrets.create(caller, body) }),
    }),
    route({
      method: "GET",
      path: "/v1/secrets",
      id: "listExecutorSecrets",
      tag,
      summary: "List secrets without their values, newest first",
      scope: "secrets:read",
      query: { job_id: queryText, environment: queryText, limit: queryLimit(), cursor: queryCursor() },
      responses: { 200: secretPage },
      handle: ({ caller, query }) => ({ status: 200, body: secrets.list(caller, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/secrets/:secretId",
      id: "getExecutorSecret",
      tag,
      summary: "Get a secret without its value",
      scope: "secrets:read",
      pathParameters,
      responses: { 200: secret },
      handle: ({ caller, path }) => ({ status: 200, body: secrets.get(caller, path.secretId) }),
    }),
    route({
      method: "DELETE",
      path: "/v1/secrets/:secretId",
      id: "deleteExecutorSecret",
      tag,
      summary: "Delete a secret",
      scope: "secrets:write",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ caller, path }) => {
        secrets.delete(caller, path.secretId);
        return { status: 204 };
      },
    }),
  ];
}
