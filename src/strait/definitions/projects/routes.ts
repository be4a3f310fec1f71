import * as v from "valibot";
import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit, queryText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { createProjectRequest, project, projectPage } from "./schema.ts";
import type { ProjectService } from "./service.ts";

const tag = "Executor projects";
const pathParameters = { projectId: pathText };

/** Make, list, read and delete projects. */
export function projectRoutes(route: DefineRunsRoute<Caller>, projects: ProjectService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/projects",
      id: "createExecutorProject",
      tag,
      summary: "Make a project",
      scope: "projects:write",
      idempotent: true,
      body: createProjectRequest,
      responses: { 201: project },
      handle: ({ caller, body }) => ({ status: 201, body: projects.create(caller, body) }),
    }),
    route({
      method: "GET",
      path: "/v1/projects",
      id: "listExecutorProjects",
      tag,
      summary: "List the projects of an organisation, or page through all, newest first",
      scope: "projects:read",
      query: { org_id: queryText, limit: queryLimit(), cursor: queryCursor() },
      responses: { 200: v.union([v.array(project), projectPage]) },
      handle: ({ caller, query: { org_id, ...page } }) => ({
        status: 200,
        body: org_id === undefined ? projects.list(caller, page) : projects.ofOrganisation(caller, org_id),
      }),
    }),
    route({
      method: "GET",
      path: "/v1/projects/:projectId",
      id: "getExecutorProject",
      tag,
      summary: "Get a project",
      scope: "projects:read",
      pathParameters,
      responses: { 200: project },
      handle: ({ caller, path }) => ({ status: 200, body: projects.get(caller, path.projectId) }),
    }),
    route({
      method: "DELETE",
      path: "/v1/projects/:projectId",
      id: "deleteExecutorProject",
      tag,
      summary: "Delete a project",
      scope: "projects:manage",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ caller, path }) => {
        projects.delete(caller, path.projectId);
        return { status: 204 };
      },
    }),
  ];
}
