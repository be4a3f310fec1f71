import type { Route } from "../../../http/route.ts";
import { projectListQuery } from "../../projects/routes.ts";
import { queryInstant } from "../../search/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { projectStatsSummary } from "./schema.ts";
import type { ProjectStatsService } from "./service.ts";

/** Routes for statistics of the traces of projects. */
export function projectStatsRoutes(route: DefineOpikRoute, stats: ProjectStatsService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/private/projects/stats",
      id: "getProjectStats",
      tag: "Projects",
      summary: "Get Project Stats",
      query: { ...projectListQuery, from_time: queryInstant, to_time: queryInstant },
      responses: { 200: projectStatsSummary },
      handle: async ({ owner, query }) => ({ status: 200, body: await stats.summary(owner, query) }),
    }),
  ];
}
