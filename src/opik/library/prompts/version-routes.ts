import type { Route } from "../../../http/route.ts";
import { queryFilters } from "../../search/filters.ts";
import { pageQuery } from "../../wire/page.ts";
import { type Parameter, pathUuid, queryText } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { querySorting } from "../../wire/sorting.ts";
import { foundElsewhere } from "../workspace-fallback.ts";
import { SORTABLE_VERSION_FIELDS, VERSION_FIELDS } from "./lists.ts";
import { PROMPTS, type PromptRouteServices } from "./routes.ts";
import {
  createVersionRequest,
  promptVersion,
  promptVersionPage,
  promptVersions,
  retrieveVersionRequest,
  setEnvironmentsRequest,
  updateVersionsRequest,
  versionIdsRequest,
  wrongVersionNumber,
} from "./schema.ts";

const VERSIONS = `${PROMPTS}/versions`;
const tag = "Prompts";

const pathVersionNumber: Parameter<string> = {
  schema: { type: "string", pattern: "v\\d+", maxLength: 10 },
  required: true,
  read: (text) => text ?? "",
  violation: wrongVersionNumber,
};

/** Create, retrieve, list, restore and update versions of prompts. */
export function promptVersionRoutes(route: DefineOpikRoute, { prompts, versions }: PromptRouteServices): Route[] {
  return [
    route({
      method: "POST",
      path: VERSIONS,
      id: "createPromptVersion",
      tag,
      summary: "Create prompt version",
      body: createVersionRequest,
      responses: { 200: promptVersion },
      handle: ({ owner, body }) => ({ status: 200, body: prompts.createVersion(owner, body) }),
    }),
    route({
      method: "PATCH",
      path: VERSIONS,
      id: "updatePromptVersions",
      tag,
      summary: "Update prompt versions",
      body: updateVersionsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        versions.update(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${VERSIONS}/retrieve`,
      id: "retrievePromptVersion",
      tag,
      summary: "Retrieve prompt version",
      body: retrieveVersionRequest,
      responses: { 200: promptVersion },
      handle: ({ owner, body }) => {
        const { version, isElsewhere } = versions.retrieve(owner, body);
        const headers = isElsewhere ? foundElsewhere("Prompt", body.name) : {};
        return { status: 200, body: version, headers };
      },
    }),
    route({
      method: "POST",
      path: `${VERSIONS}/retrieve-by-ids`,
      id: "retrievePromptVersionsByIds",
      tag,
      summary: "Retrieve prompt versions by ids",
      body: versionIdsRequest,
      responses: { 200: promptVersions },
      handle: ({ owner, body }) => ({ status: 200, body: versions.getAll(owner, body.ids) }),
    }),
    route({
      method: "GET",
      path: `${VERSIONS}/:versionId`,
      id: "getPromptVersionById",
      tag,
      summary: "Get prompt version by id",
      pathParameters: { versionId: pathUuid },
      responses: { 200: promptVersion },
      handle: ({ owner, path }) => ({ status: 200, body: versions.get(owner, path.versionId) }),
    }),
    route({
      method: "PATCH",
      path: `${VERSIONS}/:versionId/environments`,
      id: "setPromptVersionEnvironment",
      tag,
      summary: "Set prompt version environments",
      pathParameters: { versionId: pathUuid },
      body: setEnvironmentsRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        versions.setEnvironments(owner, path.versionId, body.environments);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${PROMPTS}/:id/versions`,
      id: "getPromptVersions",
      tag,
      summary: "Get prompt versions",
      pathParameters: { id: pathUuid },
      query: {
        ...pageQuery,
        search: queryText,
        sorting: querySorting(SORTABLE_VERSION_FIELDS),
        filters: queryFilters(VERSION_FIELDS),
      },
      responses: { 200: promptVersionPage },
      handle: ({ owner, path, query }) => ({ status: 200, body: versions.list(owner, path.id, query) }),
    }),
    route({
      method: "GET",
      path: `${PROMPTS}/:promptId/versions/by-number/:versionNumber`,
      id: "getPromptVersionByNumber",
      tag,
      summary: "Get prompt version by sequential number",
      pathParameters: { promptId: pathUuid, versionNumber: pathVersionNumber },
      responses: { 200: promptVersion },
      handle: ({ owner, path }) => ({
        status: 200,
        body: versions.getByNumber(owner, path.promptId, path.versionNumber),
      }),
    }),
    route({
      method: "POST",
      path: `${PROMPTS}/:promptId/versions/:versionId/restore`,
      id: "restorePromptVersion",
      tag,
      summary: "Restore prompt version",
      pathParameters: { promptId: pathUuid, versionId: pathUuid },
      responses: { 200: promptVersion },
      handle: ({ owner, path }) => ({ status: 200, body: versions.restore(owner, path.promptId, path.versionId) }),
    }),
  ];
}
