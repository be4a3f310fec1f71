import type { Route } from "../../../http/route.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { workspaceConfiguration, workspaceConfigurationRequest } from "./schema.ts";
import type { WorkspaceConfigurationService } from "./service.ts";

const PATH = "/v1/private/workspaces/configurations";
const tag = "Workspaces";

/** Get, write and delete the configuration of a workspace. */
export function workspaceConfigurationRoutes(
  route: DefineOpikRoute,
  configurations: WorkspaceConfigurationService,
): Route[] {
  return [
    route({
      method: "GET",
      path: PATH,
      id: "getWorkspaceConfiguration",
      tag,
      summary: "Get workspace configuration",
      responses: { 200: workspaceConfiguration },
      handle: ({ owner }) => ({ status: 200, body: configurations.get(owner) }),
    }),
    route({
      method: "PUT",
      path: PATH,
      id: "upsertWorkspaceConfiguration",
      tag,
      summary: "Upsert workspace configuration",
      body: workspaceConfigurationRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        configurations.save(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: PATH,
      id: "deleteWorkspaceConfiguration",
      tag,
      summary: "Delete workspace configuration",
      responses: { 204: undefined },
      handle: ({ owner }) => {
        configurations.delete(owner);
        return { status: 204 };
      },
    }),
  ];
}
