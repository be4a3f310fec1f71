import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { endpointVerified } from "./schema.ts";
import type { EndpointService } from "./service.ts";

/** Call a job's endpoint. */
export function endpointRoutes(route: DefineRunsRoute<Caller>, endpoints: EndpointService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/endpoint/verify",
      id: "verifyExecutorJobEndpoint",
      tag: "Executor jobs",
      summary: "Send a signed test to a job's endpoint",
      scope: "jobs:write",
      pathParameters: { jobId: pathText },
      responses: { 200: endpointVerified },
      handle: async ({ caller, path, signal }) => ({
        status: 200,
        body: await endpoints.verify(caller, path.jobId, signal),
      }),
    }),
  ];
}
