import type { Route } from "../../../http/route.ts";
import { pathUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { LOCAL_RUNNERS } from "../routes.ts";
import { heartbeatRequest, heartbeatResponse } from "./schema.ts";
import type { HeartbeatService } from "./service.ts";

/** The heartbeat of a runner. */
export function heartbeatRoutes(route: DefineOpikRoute, heartbeats: HeartbeatService): Route[] {
  return [
    route({
      method: "POST",
      path: `${LOCAL_RUNNERS}/:runnerId/heartbeats`,
      id: "heartbeat",
      tag: "Runners",
      summary: "Local runner heartbeat",
      pathParameters: { runnerId: pathUuid },
      body: heartbeatRequest,
      bodyIsOptional: true,
      responses: { 200: heartbeatResponse },
      handle: ({ owner, path, body }) => {
        const request = body ?? { capabilities: undefined };
        const response = heartbeats.beat(owner, path.runnerId, request);
        const { cancelled_job_ids: jobIds } = response;
        if (jobIds.length === 0) return { status: 200, body: response, routine: true };
        return {
          status: 200,
          body: response,
          routine: true,
          onDelivered: () => heartbeats.acknowledge(request, jobIds),
          onUndelivered: () => heartbeats.takeBack(request, jobIds),
        };
      },
    }),
  ];
}
