import type { Route } from "../../http/route.ts";
import type { Caller } from "../wire/caller.ts";
import { pathText, queryChoice, queryCursor, queryLimit } from "../wire/parameters.ts";
import type { DefineRunsRoute } from "../wire/route.ts";
import { delivery, deliveryPage, SHOWN_STATUSES } from "./schema.ts";
import type { WebhookService } from "./service.ts";

const tag = "Executor webhooks";
const pathParameters = { id: pathText };

/** See which webhooks were called, and call those again that were given up (`webhook_deliveries.go` of the real server). */
export function webhookRoutes(route: DefineRunsRoute<Caller>, webhooks: WebhookService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/webhooks/deliveries",
      id: "listWebhookDeliveries",
      tag,
      summary: "List webhooks that are, or were, to be called, newest first",
      scope: "runs:read",
      query: { status: queryChoice(SHOWN_STATUSES), limit: queryLimit(), cursor: queryCursor() },
      responses: { 200: deliveryPage },
      handle: ({ caller, query }) => ({ status: 200, body: webhooks.list(caller, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/webhooks/deliveries/:id",
      id: "getWebhookDelivery",
      tag,
      summary: "Get a webhook that is, or was, to be called",
      scope: "runs:read",
      pathParameters,
      responses: { 200: delivery },
      handle: ({ caller, path }) => ({ status: 200, body: webhooks.get(caller, path.id) }),
    }),
    route({
      method: "POST",
      path: "/v1/webhooks/deliveries/:id/retry",
      id: "retryWebhookDelivery",
      tag,
      summary: "Call a webhook again that was given up",
      scope: "runs:write",
      pathParameters,
      responses: { 200: delivery },
      handle: ({ caller, path }) => ({ status: 200, body: webhooks.retry(caller, path.id) }),
    }),
  ];
}
