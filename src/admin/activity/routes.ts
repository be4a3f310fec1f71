import type { Route } from "../../http/route.ts";
import type { DefineLocalRoute } from "../route.ts";
import { activity } from "./schema.ts";
import type { ActivityService } from "./service.ts";

/** What happened lately. */
export function activityRoutes(route: DefineLocalRoute, service: ActivityService): Route[] {
  return [
    route({
      method: "GET",
      path: "/activity",
      id: "getActivity",
      summary:
        "What ended in each of the last 60 minutes, what runs now, what failed in the last hour, and the newest jobs of " +
        "the workspace and runs of all projects",
      responses: { 200: activity },
      handle: async ({ workspace }) => ({ status: 200, body: await service.read(workspace()), routine: true }),
    }),
  ];
}
