import type { Route } from "../../../http/route.ts";
import { queryFilters } from "../../search/filters.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryText, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { querySorting } from "../../wire/sorting.ts";
import { DASHBOARD_FIELDS, SORTABLE_DASHBOARD_FIELDS } from "./lists.ts";
import { createDashboardRequest, dashboard, dashboardPage, updateDashboardRequest } from "./schema.ts";
import type { DashboardService } from "./service.ts";

const DASHBOARDS = "/v1/private/dashboards";
const tag = "Dashboards";
const pathParameters = { dashboardId: pathUuid };
const listQuery = {
  ...pageQuery,
  name: queryText,
  sorting: querySorting(SORTABLE_DASHBOARD_FIELDS),
  filters: queryFilters(DASHBOARD_FIELDS),
};

/** Create, get, list, update and delete dashboards. */
export function dashboardRoutes(route: DefineOpikRoute, dashboards: DashboardService): Route[] {
  return [
    route({
      method: "POST",
      path: DASHBOARDS,
      id: "createDashboard",
      tag,
      summary: "Create dashboard",
      body: createDashboardRequest,
      responses: { 201: dashboard },
      handle: ({ owner, body, origin }) => {
        const created = dashboards.create(owner, body);
        return { status: 201, body: created, headers: { location: `${origin}${DASHBOARDS}/${created.id}` } };
      },
    }),
    route({
      method: "GET",
      path: DASHBOARDS,
      id: "findDashboards",
      tag,
      summary: "Find dashboards",
      query: { ...listQuery, project_id: queryUuid },
      responses: { 200: dashboardPage },
      handle: ({ owner, query }) => ({ status: 200, body: dashboards.list(owner, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/private/projects/:projectId/dashboards",
      id: "findDashboardsByProject",
      tag: "Projects",
      summary: "Find dashboards of a project",
      pathParameters: { projectId: pathUuid },
      query: listQuery,
      responses: { 200: dashboardPage },
      handle: ({ owner, path, query }) => ({
        status: 200,
        body: dashboards.list(owner, { ...query, project_id: path.projectId }),
      }),
    }),
    route({
      method: "GET",
      path: `${DASHBOARDS}/:dashboardId`,
      id: "getDashboardById",
      tag,
      summary: "Get dashboard by id",
      pathParameters,
      responses: { 200: dashboard },
      handle: ({ owner, path }) => ({ status: 200, body: dashboards.get(owner, path.dashboardId) }),
    }),
    route({
      method: "PATCH",
      path: `${DASHBOARDS}/:dashboardId`,
      id: "updateDashboard",
      tag,
      summary: "Update dashboard",
      pathParameters,
      body: updateDashboardRequest,
      responses: { 200: dashboard },
      handle: ({ owner, path, body }) => ({ status: 200, body: dashboards.update(owner, path.dashboardId, body) }),
    }),
    route({
      method: "DELETE",
      path: `${DASHBOARDS}/:dashboardId`,
      id: "deleteDashboard",
      tag,
      summary: "Delete dashboard",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        dashboards.delete(owner, [path.dashboardId]);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${DASHBOARDS}/delete-batch`,
      id: "deleteDashboardsBatch",
      tag,
      summary: "Delete dashboards",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        dashboards.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
  ];
}
