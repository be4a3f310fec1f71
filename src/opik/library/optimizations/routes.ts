import type { Route } from "../../../http/route.ts";
import { queryFilters } from "../../search/filters.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryBoolean, queryText, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { optimization, optimizationPage, optimizationRequest, optimizationUpdate } from "./schema.ts";
import type { OptimizationService } from "./service.ts";
import { OPTIMIZATION_FIELDS } from "./store.ts";

const OPTIMIZATIONS_PATH = "/v1/private/optimizations";

const tag = "Optimizations";
const pathParameters = { id: pathUuid };

const listQuery = {
  ...pageQuery,
  dataset_id: queryUuid,
  name: queryText,
  dataset_name: queryText,
  dataset_deleted: queryBoolean,
  filters: queryFilters(OPTIMIZATION_FIELDS),
};

/** Routes that write, get, list and delete optimizations. */
export function optimizationRoutes(route: DefineOpikRoute, optimizations: OptimizationService): Route[] {
  return [
    ...(["POST", "PUT"] as const).map((method) =>
      route({
        method,
        path: OPTIMIZATIONS_PATH,
        id: method === "POST" ? "createOptimization" : "upsertOptimization",
        tag,
        summary: method === "POST" ? "Create optimization" : "Upsert optimization",
        body: optimizationRequest,
        responses: { 201: undefined },
        handle: ({ owner, body, origin }) => {
          const id = optimizations.upsert(owner, body);
          return { status: 201, headers: { location: `${origin}${OPTIMIZATIONS_PATH}/${id}` } };
        },
      }),
    ),
    route({
      method: "GET",
      path: OPTIMIZATIONS_PATH,
      id: "findOptimizations",
      tag,
      summary: "Find optimizations",
      query: { ...listQuery, project_id: queryUuid },
      responses: { 200: optimizationPage },
      handle: async ({ owner, query }) => ({ status: 200, body: await optimizations.list(owner, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/private/projects/:projectId/optimizations",
      id: "findOptimizationsByProject",
      tag: "Projects",
      summary: "Find optimizations of a project",
      pathParameters: { projectId: pathUuid },
      query: listQuery,
      responses: { 200: optimizationPage },
      handle: async ({ owner, path, query }) => ({
        status: 200,
        body: await optimizations.list(owner, { ...query, project_id: path.projectId }),
      }),
    }),
    route({
      method: "POST",
      path: `${OPTIMIZATIONS_PATH}/delete`,
      id: "deleteOptimizationsById",
      tag,
      summary: "Delete optimizations by id",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        optimizations.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${OPTIMIZATIONS_PATH}/:id`,
      id: "getOptimizationById",
      tag,
      summary: "Get optimization by id",
      pathParameters,
      responses: { 200: optimization },
      handle: async ({ owner, path }) => ({ status: 200, body: await optimizations.get(owner, path.id) }),
    }),
    route({
      method: "PUT",
      path: `${OPTIMIZATIONS_PATH}/:id`,
      id: "updateOptimizationsById",
      tag,
      summary: "Update optimization by id",
      pathParameters,
      body: optimizationUpdate,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        optimizations.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
  ];
}
