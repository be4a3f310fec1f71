import type { Route } from "../../../http/route.ts";
import { queryFilters } from "../../search/filters.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryBoolean, queryText, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { querySorting } from "../../wire/sorting.ts";
import { foundElsewhere } from "../workspace-fallback.ts";
import { DATASET_FIELDS } from "./filters.ts";
import type { ItemService } from "./items/service.ts";
import {
  createDatasetRequest,
  dataset,
  datasetIdentifier,
  datasetPage,
  SORTABLE_DATASET_FIELDS,
  updateDatasetRequest,
} from "./schema.ts";
import type { DatasetService } from "./service.ts";

export const DATASETS = "/v1/private/datasets";

const tag = "Datasets";
const pathParameters = { id: pathUuid };

const listQuery = {
  ...pageQuery,
  name: queryText,
  with_experiments_only: queryBoolean,
  with_optimizations_only: queryBoolean,
  sorting: querySorting(SORTABLE_DATASET_FIELDS),
  filters: queryFilters(DATASET_FIELDS),
};

/** Routes that create, retrieve, get, list, update and delete datasets. */
export function datasetRoutes(route: DefineOpikRoute, datasets: DatasetService, items: ItemService): Route[] {
  return [
    route({
      method: "POST",
      path: DATASETS,
      id: "createDataset",
      tag,
      summary: "Create dataset",
      body: createDatasetRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = datasets.create(owner, body);
        return { status: 201, headers: { location: `${origin}${DATASETS}/${id}` } };
      },
    }),
    route({
      method: "GET",
      path: DATASETS,
      id: "findDatasets",
      tag,
      summary: "Find datasets",
      query: { ...listQuery, project_id: queryUuid, prompt_id: queryUuid },
      responses: { 200: datasetPage },
      handle: ({ owner, query }) => ({ status: 200, body: datasets.list(owner, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/private/projects/:projectId/datasets",
      id: "findDatasetsByProject",
      tag: "Projects",
      summary: "Find datasets of a project",
      pathParameters: { projectId: pathUuid },
      query: listQuery,
      responses: { 200: datasetPage },
      handle: ({ owner, path, query }) => ({
        status: 200,
        body: datasets.list(owner, { ...query, project_id: path.projectId }),
      }),
    }),
    route({
      method: "POST",
      path: `${DATASETS}/retrieve`,
      id: "getDatasetByIdentifier",
      tag,
      summary: "Get dataset by name",
      body: datasetIdentifier,
      responses: { 200: dataset },
      handle: ({ owner, body }) => {
        const found = datasets.retrieve(owner, body);
        const headers = found.isElsewhere ? foundElsewhere("Dataset", body.dataset_name) : {};
        return { status: 200, body: found.dataset, headers };
      },
    }),
    route({
      method: "GET",
      path: `${DATASETS}/:id`,
      id: "getDatasetById",
      tag,
      summary: "Get dataset by id",
      pathParameters,
      responses: { 200: dataset },
      handle: ({ owner, path }) => ({ status: 200, body: datasets.get(owner, path.id) }),
    }),
    route({
      method: "PUT",
      path: `${DATASETS}/:id`,
      id: "updateDataset",
      tag,
      summary: "Update dataset by id",
      pathParameters,
      body: updateDatasetRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        datasets.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: `${DATASETS}/:id`,
      id: "deleteDataset",
      tag,
      summary: "Delete dataset by id",
      pathParameters,
      responses: { 204: undefined },
      handle: async ({ owner, path }) => {
        await items.deleteDatasets(owner, [path.id]);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${DATASETS}/delete`,
      id: "deleteDatasetByName",
      tag,
      summary: "Delete dataset by name",
      body: datasetIdentifier,
      responses: { 204: undefined },
      handle: async ({ owner, body }) => {
        await items.deleteDatasets(owner, [datasets.requireByName(owner, body)]);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${DATASETS}/delete-batch`,
      id: "deleteDatasetsBatch",
      tag,
      summary: "Delete datasets",
      body: idBatch,
      responses: { 204: undefined },
      handle: async ({ owner, body }) => {
        await items.deleteDatasets(owner, body.ids);
        return { status: 204 };
      },
    }),
  ];
}
