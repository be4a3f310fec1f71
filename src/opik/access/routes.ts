import type { Route } from "../../http/route.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { userPermissions, workspaceName, workspaceVersion } from "./schema.ts";
import { TOGGLES, toggles } from "./toggles.ts";

const PRIVATE = "/v1/private";

/** Check a key and a workspace. The owner of the request was authenticated before. */
export function accessRoutes(route: DefineOpikRoute): Route[] {
  return [
    route({
      method: "POST",
      path: `${PRIVATE}/auth`,
      id: "checkAccess",
      tag: "Check",
      summary: "Check access to the workspace",
      responses: { 204: undefined },
      handle: () => ({ status: 204 }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/auth/workspace`,
      id: "getWorkspaceName",
      tag: "Check",
      summary: "Name of the workspace",
      responses: { 200: workspaceName },
      handle: ({ owner }) => ({ status: 200, body: { workspace_name: owner.workspace } }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/workspace-permissions`,
      id: "getWorkspaceUserPermissions",
      tag: "Workspace permissions",
      summary: "Permissions of the user in the workspace",
      responses: { 200: userPermissions },
      handle: ({ owner }) => ({
        status: 200,
        body: { user_name: owner.user, workspace_name: owner.workspace, permissions: [] },
      }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/workspaces/versions`,
      id: "getWorkspaceVersion",
      tag: "Workspaces",
      summary: "Version of Opik that the workspace uses",
      responses: { 200: workspaceVersion },
      handle: () => ({ status: 200, body: { opik_version: "version_2" } }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/toggles`,
      id: "getServiceToggles",
      tag: "Service Toggles",
      summary: "Parts of Opik that its web application shows",
      responses: { 200: toggles },
      handle: () => ({ status: 200, body: TOGGLES }),
    }),
  ];
}
