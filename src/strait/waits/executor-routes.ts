import type { Route } from "../../http/route.ts";
import type { TokenHolder } from "../access/tokens/service.ts";
import { pathText } from "../wire/parameters.ts";
import type { DefineRunsRoute } from "../wire/route.ts";
import { waitRequest, waitResponse } from "./schema.ts";
import type { EventTriggerService } from "./service.ts";

/** Suspends the current run until an event arrives. */
export function eventTriggerExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  eventTriggers: EventTriggerService,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/wait-for-event",
      id: "waitForEvent",
      tag: "Executor",
      summary: "Wait for an event; the run is assigned again when it comes",
      pathParameters: { runId: pathText },
      body: waitRequest,
      responses: { 200: waitResponse },
      handle: ({ caller, body }) => ({ status: 200, body: eventTriggers.wait(caller, body) }),
    }),
  ];
}
