import type { Route } from "../../../../http/route.ts";
import { pageQuery } from "../../../wire/page.ts";
import { pathText, pathUuid } from "../../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import type { VersionChanges } from "../items/changes.ts";
import { DATASETS } from "../routes.ts";
import {
  createTagRequest,
  datasetVersion,
  datasetVersionPage,
  restoreVersionRequest,
  retrieveVersionRequest,
  updateVersionRequest,
  versionDiff,
} from "./schema.ts";
import type { VersionService } from "./service.ts";

const VERSIONS = `${DATASETS}/:id/versions`;

const tag = "Datasets";
const pathParameters = { id: pathUuid };

/** Routes that list, find, tag, compare and restore versions of datasets. */
export function versionRoutes(route: DefineOpikRoute, versions: VersionService, changes: VersionChanges): Route[] {
  return [
    route({
      method: "GET",
      path: VERSIONS,
      id: "listDatasetVersions",
      tag,
      summary: "List dataset versions",
      pathParameters,
      query: pageQuery,
      responses: { 200: datasetVersionPage },
      handle: ({ owner, path, query }) => ({ status: 200, body: versions.list(owner, path.id, query) }),
    }),
    route({
      method: "POST",
      path: `${VERSIONS}/retrieve`,
      id: "retrieveDatasetVersion",
      tag,
      summary: "Retrieve dataset version by name",
      pathParameters,
      body: retrieveVersionRequest,
      responses: { 200: datasetVersion },
      handle: ({ owner, path, body }) => ({
        status: 200,
        body: versions.retrieve(owner, path.id, body.version_name),
      }),
    }),
    route({
      method: "GET",
      path: `${VERSIONS}/diff`,
      id: "compareDatasetVersions",
      tag,
      summary: "Compare latest version with draft",
      pathParameters,
      responses: { 200: versionDiff },
      handle: ({ owner, path }) => ({ status: 200, body: changes.compareWithDraft(owner, path.id) }),
    }),
    route({
      method: "POST",
      path: `${VERSIONS}/restore`,
      id: "restoreDatasetVersion",
      tag,
      summary: "Restore dataset to a previous version",
      pathParameters,
      body: restoreVersionRequest,
      responses: { 200: datasetVersion },
      handle: ({ owner, path, body }) => ({ status: 200, body: changes.restore(owner, path.id, body.version_ref) }),
    }),
    route({
      method: "GET",
      path: `${VERSIONS}/hash/:versionHash`,
      id: "getDatasetVersionByHash",
      tag,
      summary: "Get dataset version by hash",
      pathParameters: { ...pathParameters, versionHash: pathText },
      responses: { 200: datasetVersion },
      handle: ({ owner, path }) => ({ status: 200, body: versions.getByHash(owner, path.id, path.versionHash) }),
    }),
    route({
      method: "PATCH",
      path: `${VERSIONS}/hash/:versionHash`,
      id: "updateDatasetVersion",
      tag,
      summary: "Update dataset version",
      pathParameters: { ...pathParameters, versionHash: pathText },
      body: updateVersionRequest,
      responses: { 200: datasetVersion },
      handle: ({ owner, path, body }) => ({
        status: 200,
        body: versions.update(owner, path.id, path.versionHash, body),
      }),
    }),
    route({
      method: "POST",
      path: `${VERSIONS}/hash/:versionHash/tags`,
      id: "createVersionTag",
      tag,
      summary: "Create version tag",
      pathParameters: { ...pathParameters, versionHash: pathText },
      body: createTagRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        versions.createTag(owner, path.id, path.versionHash, body.tag);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: `${VERSIONS}/:versionHash/tags/:tag`,
      id: "deleteVersionTag",
      tag,
      summary: "Delete version tag",
      pathParameters: { ...pathParameters, versionHash: pathText, tag: pathText },
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        versions.deleteTag(owner, path.id, path.tag);
        return { status: 204 };
      },
    }),
  ];
}
