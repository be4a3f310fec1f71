import type { Route } from "../../../http/route.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathText, pathUuid, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import {
  blueprint,
  blueprintPage,
  blueprintRequest,
  environmentRequest,
  environmentsRequest,
  removeKeysRequest,
  writtenBlueprint,
} from "./schema.ts";
import type { AgentConfigService } from "./service.ts";

const BLUEPRINTS = "/v1/private/agent-configs/blueprints";
const ENVIRONMENT = `${BLUEPRINTS}/environments/:env_name/projects/:project_id`;
const tag = "Agent Configs";
const inEnvironment = { env_name: pathText, project_id: pathUuid };
const query = { mask_id: queryUuid };

/** Create, change and read configurations of agents. */
export function agentConfigRoutes(route: DefineOpikRoute, configs: AgentConfigService): Route[] {
  const locationOf = (origin: string, id: string): Record<string, string> => ({
    location: `${origin}${BLUEPRINTS}/${id}`,
  });
  return [
    route({
      method: "POST",
      path: BLUEPRINTS,
      id: "createAgentConfig",
      tag,
      summary: "Create agent config with its first blueprint",
      body: blueprintRequest,
      responses: { 201: writtenBlueprint },
      handle: ({ owner, body, origin }) => {
        const written = configs.create(owner, body);
        return { status: 201, body: written, headers: locationOf(origin, written.id) };
      },
    }),
    route({
      method: "PATCH",
      path: BLUEPRINTS,
      id: "updateAgentConfig",
      tag,
      summary: "Add a blueprint or mask to an agent config",
      body: blueprintRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => ({
        status: 201,
        headers: locationOf(origin, configs.update(owner, body)),
      }),
    }),
    route({
      method: "POST",
      path: `${BLUEPRINTS}/remove-keys`,
      id: "removeConfigKeys",
      tag,
      summary: "Add a blueprint without some keys",
      body: removeKeysRequest,
      responses: { 201: undefined, 204: undefined },
      handle: ({ owner, body, origin }) => {
        const id = configs.removeKeys(owner, body);
        return id === undefined ? { status: 204 } : { status: 201, headers: locationOf(origin, id) };
      },
    }),
    route({
      method: "POST",
      path: `${BLUEPRINTS}/projects/:project_id/masks/:mask_id`,
      id: "createBlueprintFromMask",
      tag,
      summary: "Create blueprint from mask",
      pathParameters: { project_id: pathUuid, mask_id: pathUuid },
      responses: { 201: undefined },
      handle: ({ owner, path, origin }) => ({
        status: 201,
        headers: locationOf(origin, configs.createFromMask(owner, path.project_id, path.mask_id)),
      }),
    }),
    route({
      method: "GET",
      path: `${BLUEPRINTS}/latest/projects/:project_id`,
      id: "getLatestBlueprint",
      tag,
      summary: "Retrieve latest blueprint",
      pathParameters: { project_id: pathUuid },
      query,
      responses: { 200: blueprint },
      handle: ({ owner, path, query: { mask_id } }) => ({
        status: 200,
        body: configs.getLatest(owner, path.project_id, mask_id),
      }),
    }),
    route({
      method: "GET",
      path: `${BLUEPRINTS}/:blueprint_id`,
      id: "getBlueprintById",
      tag,
      summary: "Retrieve blueprint by id",
      pathParameters: { blueprint_id: pathUuid },
      query,
      responses: { 200: blueprint },
      handle: ({ owner, path, query: { mask_id } }) => ({
        status: 200,
        body: configs.get(owner, path.blueprint_id, mask_id),
      }),
    }),
    route({
      method: "GET",
      path: `${BLUEPRINTS}/:blueprint_id/deltas`,
      id: "getDeltaById",
      tag,
      summary: "Retrieve what a blueprint changes",
      pathParameters: { blueprint_id: pathUuid },
      responses: { 200: blueprint },
      handle: ({ owner, path }) => ({ status: 200, body: configs.getDelta(owner, path.blueprint_id) }),
    }),
    route({
      method: "GET",
      path: `${BLUEPRINTS}/projects/:project_id/names/:name`,
      id: "getBlueprintByName",
      tag,
      summary: "Retrieve blueprint by name",
      pathParameters: { project_id: pathUuid, name: pathText },
      query,
      responses: { 200: blueprint },
      handle: ({ owner, path, query: { mask_id } }) => ({
        status: 200,
        body: configs.getByName(owner, path.project_id, path.name, mask_id),
      }),
    }),
    route({
      method: "GET",
      path: `${BLUEPRINTS}/history/projects/:project_id`,
      id: "getBlueprintHistory",
      tag,
      summary: "Get blueprint history",
      pathParameters: { project_id: pathUuid },
      query: pageQuery,
      responses: { 200: blueprintPage },
      handle: ({ owner, path, query: page }) => ({
        status: 200,
        body: configs.history(owner, path.project_id, page),
      }),
    }),
    route({
      method: "POST",
      path: `${BLUEPRINTS}/environments`,
      id: "createOrUpdateEnvs",
      tag,
      summary: "Create or update environments",
      body: environmentsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        configs.setEnvironments(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: ENVIRONMENT,
      id: "getBlueprintByEnv",
      tag,
      summary: "Retrieve blueprint by environment",
      pathParameters: inEnvironment,
      query,
      responses: { 200: blueprint },
      handle: ({ owner, path, query: { mask_id } }) => ({
        status: 200,
        body: configs.getByEnvironment(owner, path.project_id, path.env_name, mask_id),
      }),
    }),
    route({
      method: "PUT",
      path: ENVIRONMENT,
      id: "setEnvByBlueprintName",
      tag,
      summary: "Set environment by blueprint name",
      pathParameters: inEnvironment,
      body: environmentRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        configs.setEnvironment(owner, path.project_id, path.env_name, body.blueprint_name);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: ENVIRONMENT,
      id: "deleteEnv",
      tag,
      summary: "Delete environment",
      pathParameters: inEnvironment,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        configs.deleteEnvironment(owner, path.project_id, path.env_name);
        return { status: 204 };
      },
    }),
  ];
}
