import type { Route } from "../../../../http/route.ts";
import { queryFilters } from "../../../search/filters.ts";
import { queryBoolean, queryText, queryTexts, queryUuid } from "../../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { EXPERIMENT_FIELDS } from "../filters.ts";
import { EXPERIMENTS_PATH } from "../routes.ts";
import { queryGroupings } from "./grouping.ts";
import { aggregatedGroups, experimentGroups } from "./schema.ts";
import type { GroupService } from "./service.ts";

const tag = "Experiments";

const query = {
  groups: queryGroupings,
  types: queryTexts,
  name: queryText,
  project_id: queryUuid,
  project_deleted: queryBoolean,
  filters: queryFilters(EXPERIMENT_FIELDS),
};

/** Routes that group experiments. */
export function groupRoutes(route: DefineOpikRoute, groups: GroupService): Route[] {
  return [
    route({
      method: "GET",
      path: `${EXPERIMENTS_PATH}/groups`,
      id: "findExperimentGroups",
      tag,
      summary: "Find experiment groups",
      query,
      responses: { 200: experimentGroups },
      handle: async ({ owner, query: asked }) => ({ status: 200, body: await groups.groups(owner, asked) }),
    }),
    route({
      method: "GET",
      path: `${EXPERIMENTS_PATH}/groups/aggregations`,
      id: "findExperimentGroupsAggregations",
      tag,
      summary: "Find experiment groups with aggregations",
      query,
      responses: { 200: aggregatedGroups },
      handle: async ({ owner, query: asked }) => ({ status: 200, body: await groups.aggregations(owner, asked) }),
    }),
  ];
}
