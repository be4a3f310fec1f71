import type { Route } from "../../http/route.ts";
import { idBatch } from "../wire/id-batch.ts";
import { pathUuid } from "../wire/parameters.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { createEnvironmentRequest, environment, environmentPage, updateEnvironmentRequest } from "./schema.ts";
import type { EnvironmentService } from "./service.ts";

const ENVIRONMENTS = "/v1/private/environments";
const tag = "Environments";
const pathParameters = { id: pathUuid };

/** Create, get, list, update and delete environments. */
export function environmentRoutes(route: DefineOpikRoute, environments: EnvironmentService): Route[] {
  return [
    route({
      method: "POST",
      path: ENVIRONMENTS,
      id: "createEnvironment",
      tag,
      summary: "Create environment",
      body: createEnvironmentRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = environments.create(owner, body);
        return { status: 201, headers: { location: `${origin}${ENVIRONMENTS}/${id}` } };
      },
    }),
    route({
      method: "GET",
      path: ENVIRONMENTS,
      id: "findEnvironments",
      tag,
      summary: "Find environments",
      responses: { 200: environmentPage },
      handle: ({ owner }) => ({ status: 200, body: environments.list(owner) }),
    }),
    route({
      method: "GET",
      path: `${ENVIRONMENTS}/:id`,
      id: "getEnvironmentById",
      tag,
      summary: "Get environment by id",
      pathParameters,
      responses: { 200: environment },
      handle: ({ owner, path }) => ({ status: 200, body: environments.get(owner, path.id) }),
    }),
    route({
      method: "PATCH",
      path: `${ENVIRONMENTS}/:id`,
      id: "updateEnvironment",
      tag,
      summary: "Update environment by id",
      pathParameters,
      body: updateEnvironmentRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        environments.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${ENVIRONMENTS}/delete`,
      id: "deleteEnvironmentsBatch",
      tag,
      summary: "Delete environments",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        environments.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
  ];
}
