import type { Route } from "../../../http/route.ts";
import { wrongEnvironmentName } from "../../environments/schema.ts";
import { queryFilters } from "../../search/filters.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { type Parameter, pathUuid, queryText, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { querySorting } from "../../wire/sorting.ts";
import { PROMPT_FIELDS, SORTABLE_PROMPT_FIELDS } from "./lists.ts";
import {
  COMMIT_PATTERN,
  commitsRequest,
  createPromptRequest,
  isCommit,
  prompt,
  promptPage,
  updatePromptRequest,
  versionLinks,
} from "./schema.ts";
import type { PromptService } from "./service.ts";
import type { PromptVersionService } from "./version-service.ts";

export const PROMPTS = "/v1/private/prompts";
const tag = "Prompts";
const pathParameters = { id: pathUuid };

const pathCommit: Parameter<string> = {
  schema: { type: "string", pattern: COMMIT_PATTERN },
  required: true,
  read: (text) => text ?? "",
  violation: (commit) => (isCommit(commit) ? undefined : `must match "${COMMIT_PATTERN}"`),
};

const queryEnvironment: Parameter<string | undefined> = {
  ...queryText,
  violation: (name) => name && wrongEnvironmentName(name),
};

export interface PromptRouteServices {
  prompts: PromptService;
  versions: PromptVersionService;
}

const listQuery = {
  ...pageQuery,
  name: queryText,
  sorting: querySorting(SORTABLE_PROMPT_FIELDS),
  filters: queryFilters(PROMPT_FIELDS),
};

/** Create, get, list, update and delete prompts. */
export function promptRoutes(route: DefineOpikRoute, { prompts, versions }: PromptRouteServices): Route[] {
  return [
    route({
      method: "POST",
      path: PROMPTS,
      id: "createPrompt",
      tag,
      summary: "Create prompt",
      body: createPromptRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = prompts.create(owner, body);
        return { status: 201, headers: { location: `${origin}${PROMPTS}/${id}` } };
      },
    }),
    route({
      method: "GET",
      path: PROMPTS,
      id: "getPrompts",
      tag,
      summary: "Get prompts",
      query: { ...listQuery, project_id: queryUuid },
      responses: { 200: promptPage },
      handle: ({ owner, query }) => ({ status: 200, body: prompts.list(owner, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/private/projects/:projectId/prompts",
      id: "getPromptsByProject",
      tag: "Projects",
      summary: "Get prompts of a project",
      pathParameters: { projectId: pathUuid },
      query: listQuery,
      responses: { 200: promptPage },
      handle: ({ owner, path, query }) => ({
        status: 200,
        body: prompts.list(owner, { ...query, project_id: path.projectId }),
      }),
    }),
    route({
      method: "GET",
      path: `${PROMPTS}/:id`,
      id: "getPromptById",
      tag,
      summary: "Get prompt by id",
      pathParameters,
      query: { mask_id: queryUuid, environment: queryEnvironment },
      responses: { 200: prompt },
      handle: ({ owner, path, query }) => ({ status: 200, body: prompts.get(owner, path.id, query) }),
    }),
    route({
      method: "PUT",
      path: `${PROMPTS}/:id`,
      id: "updatePrompt",
      tag,
      summary: "Update prompt",
      pathParameters,
      body: updatePromptRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        prompts.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: `${PROMPTS}/:id`,
      id: "deletePrompt",
      tag,
      summary: "Delete prompt",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        prompts.delete(owner, path.id);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${PROMPTS}/delete`,
      id: "deletePromptsBatch",
      tag,
      summary: "Delete prompts",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        prompts.deleteAll(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${PROMPTS}/by-commit/:commit`,
      id: "getPromptByCommit",
      tag,
      summary: "Get prompt by commit",
      pathParameters: { commit: pathCommit },
      responses: { 200: prompt },
      handle: ({ owner, path }) => ({ status: 200, body: prompts.getByCommit(owner, path.commit) }),
    }),
    route({
      method: "POST",
      path: `${PROMPTS}/retrieve-by-commits`,
      id: "getPromptsByCommits",
      tag,
      summary: "Get prompts by commits",
      body: commitsRequest,
      responses: { 200: versionLinks },
      handle: ({ owner, body }) => ({ status: 200, body: versions.links(owner, body.commits) }),
    }),
  ];
}
