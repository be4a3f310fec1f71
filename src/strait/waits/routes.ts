import type { Route } from "../../http/route.ts";
import type { Caller } from "../wire/caller.ts";
import { pathText, queryCursor, queryLimit, queryText } from "../wire/parameters.ts";
import type { DefineRunsRoute } from "../wire/route.ts";
import {
  eventTrigger,
  eventTriggerPage,
  eventTriggerStats,
  purgeRequest,
  purgeResponse,
  sendRequest,
  sentByPrefix,
} from "./schema.ts";
import type { EventTriggerService } from "./service.ts";

const tag = "Executor events";
const keyParameters = { eventKey: pathText };

/** Sends events, lists waits for them and cancels waits. */
export function eventTriggerRoutes(route: DefineRunsRoute<Caller>, eventTriggers: EventTriggerService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/events",
      id: "listEventTriggers",
      tag,
      summary: "List waits for events, newest first",
      scope: "jobs:read",
      query: {
        status: queryText,
        source_type: queryText,
        workflow_run_id: queryText,
        limit: queryLimit(),
        cursor: queryCursor(),
      },
      responses: { 200: eventTriggerPage },
      handle: ({ caller, query }) => ({ status: 200, body: eventTriggers.list(caller, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/events/stats",
      id: "getEventTriggerStats",
      tag,
      summary: "Count waits for events",
      scope: "jobs:read",
      responses: { 200: eventTriggerStats },
      handle: ({ caller }) => ({ status: 200, body: eventTriggers.stats(caller) }),
    }),
    route({
      method: "POST",
      path: "/v1/events/purge",
      id: "purgeEventTriggers",
      tag,
      summary: "Delete old waits that are over, so that their keys can be used again",
      scope: "jobs:write",
      body: purgeRequest,
      responses: { 200: purgeResponse },
      handle: async ({ caller, body }) => ({ status: 200, body: await eventTriggers.purge(caller, body) }),
    }),
    route({
      method: "POST",
      path: "/v1/events/prefix/:prefix/send",
      id: "sendEventByPrefix",
      tag,
      summary: "Send an event to all runs that wait for a key with this beginning",
      scope: ["jobs:trigger", "workflows:trigger"],
      idempotent: true,
      pathParameters: { prefix: pathText },
      body: sendRequest,
      responses: { 200: sentByPrefix },
      handle: ({ caller, path, body }) => {
        const triggers = eventTriggers.sendByPrefix(caller, path.prefix, body.payload);
        return { status: 200, body: { resolved: triggers.length, triggers } };
      },
    }),
    route({
      method: "POST",
      path: "/v1/events/:eventKey/send",
      id: "sendEvent",
      tag,
      summary: "Send an event to the run that waits for it",
      scope: ["jobs:trigger", "workflows:trigger"],
      idempotent: true,
      pathParameters: keyParameters,
      body: sendRequest,
      responses: { 200: eventTrigger },
      handle: ({ caller, path, body }) => ({
        status: 200,
        body: eventTriggers.send(caller, path.eventKey, body.payload),
      }),
    }),
    route({
      method: "GET",
      path: "/v1/events/:eventKey",
      id: "getEventTrigger",
      tag,
      summary: "Get a wait by its event's key",
      scope: "jobs:read",
      pathParameters: keyParameters,
      responses: { 200: eventTrigger },
      handle: ({ caller, path }) => ({ status: 200, body: eventTriggers.get(caller, path.eventKey) }),
    }),
    route({
      method: "DELETE",
      path: "/v1/events/:eventKey",
      id: "cancelEventTrigger",
      tag,
      summary: "Call a wait off and cancel its run",
      scope: ["jobs:write", "workflows:write"],
      pathParameters: keyParameters,
      responses: { 200: eventTrigger },
      handle: ({ caller, path }) => ({ status: 200, body: eventTriggers.cancel(caller, path.eventKey) }),
    }),
  ];
}
