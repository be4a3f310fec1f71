import type { Route } from "../../http/route.ts";
import { idBatch } from "../wire/id-batch.ts";
import { pageQuery } from "../wire/page.ts";
import { pathUuid, queryText } from "../wire/parameters.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { querySorting } from "../wire/sorting.ts";
import {
  createProjectRequest,
  project,
  projectPage,
  retrieveProjectRequest,
  SORTABLE_PROJECT_FIELDS,
  updateProjectRequest,
} from "./schema.ts";
import type { ProjectService } from "./service.ts";

const PROJECTS = "/v1/private/projects";

/** The query of a list of projects. */
export const projectListQuery = { ...pageQuery, name: queryText, sorting: querySorting(SORTABLE_PROJECT_FIELDS) };

const tag = "Projects";
const pathParameters = { id: pathUuid };

/** Create, retrieve by name, get, list, update and delete projects. */
export function projectRoutes(route: DefineOpikRoute, projects: ProjectService): Route[] {
  return [
    route({
      method: "POST",
      path: PROJECTS,
      id: "createProject",
      tag,
      summary: "Create project",
      body: createProjectRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = projects.create(owner, body);
        return { status: 201, headers: { location: `${origin}${PROJECTS}/${id}` } };
      },
    }),
    route({
      method: "GET",
      path: PROJECTS,
      id: "findProjects",
      tag,
      summary: "Find projects",
      query: projectListQuery,
      responses: { 200: projectPage },
      handle: ({ owner, query }) => ({ status: 200, body: projects.list(owner, query) }),
    }),
    route({
      method: "POST",
      path: `${PROJECTS}/retrieve`,
      id: "retrieveProject",
      tag,
      summary: "Retrieve project by name",
      body: retrieveProjectRequest,
      responses: { 200: project },
      handle: ({ owner, body }) => ({ status: 200, body: projects.retrieve(owner, body.name) }),
    }),
    route({
      method: "GET",
      path: `${PROJECTS}/:id`,
      id: "getProjectById",
      tag,
      summary: "Get project by id",
      pathParameters,
      responses: { 200: project },
      handle: ({ owner, path }) => ({ status: 200, body: projects.get(owner, path.id) }),
    }),
    route({
      method: "DELETE",
      path: `${PROJECTS}/:id`,
      id: "deleteProjectById",
      tag,
      summary: "Delete project by id",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        projects.delete(owner, [path.id]);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${PROJECTS}/:id`,
      id: "updateProject",
      tag,
      summary: "Update project by id",
      pathParameters,
      body: updateProjectRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        projects.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${PROJECTS}/delete`,
      id: "deleteProjectsBatch",
      tag,
      summary: "Delete projects",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        projects.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
  ];
}
