import type { Route } from "../../../http/route.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { putAssertionsRequest } from "./schema.ts";
import type { AssertionService } from "./service.ts";

/** The route that writes results of assertions. */
export function assertionRoutes(route: DefineOpikRoute, assertions: AssertionService): Route[] {
  return [
    route({
      method: "PUT",
      path: "/v1/private/assertion-results",
      id: "storeAssertionsBatch",
      tag: "Assertion Results",
      summary: "Batch ingestion of assertion results for traces or spans",
      body: putAssertionsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        assertions.put(owner, body);
        return { status: 204 };
      },
    }),
  ];
}
