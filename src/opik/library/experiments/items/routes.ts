import type { Route } from "../../../../http/route.ts";
import { queryFilters } from "../../../search/filters.ts";
import { querySortKey } from "../../../search/sorting.ts";
import { recordStats } from "../../../tracing/stats/stats.ts";
import { OpikError } from "../../../wire/errors.ts";
import { idBatch } from "../../../wire/id-batch.ts";
import { pageQuery } from "../../../wire/page.ts";
import { pathUuid, queryBoolean, queryText, queryTexts, requiredQuery } from "../../../wire/parameters.ts";
import { recordStream } from "../../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { DATASETS } from "../../datasets/routes.ts";
import { EXPERIMENTS_PATH } from "../routes.ts";
import type { ExperimentService } from "../service.ts";
import { COMPARISON_FIELDS, comparisonSortKey } from "./filters.ts";
import type { ExperimentItemReader } from "./reader.ts";
import {
  comparedItemPage,
  createItemsRequest,
  experimentItem,
  experimentItemReference,
  outputColumns,
  streamItemsRequest,
} from "./schema.ts";
import type { ExperimentItemService } from "./service.ts";

export interface ExperimentItemRoutesDependencies {
  experiments: ExperimentService;
  items: ExperimentItemService;
  reader: ExperimentItemReader;
}

const ITEMS = `${EXPERIMENTS_PATH}/items`;
const COMPARISON = `${DATASETS}/:id/items/experiments/items`;

const comparisonQuery = {
  ...pageQuery,
  experiment_ids: requiredQuery(queryTexts),
  filters: queryFilters(COMPARISON_FIELDS),
  search: queryText,
  sorting: querySortKey(comparisonSortKey),
  truncate: queryBoolean,
};

/** Routes that write, read and compare items of experiments. */
export function experimentItemRoutes(
  route: DefineOpikRoute,
  { experiments, items, reader }: ExperimentItemRoutesDependencies,
): Route[] {
  return [
    route({
      method: "POST",
      path: ITEMS,
      id: "createExperimentItems",
      tag: "Experiments",
      summary: "Create experiment items",
      body: createItemsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        items.create(owner, body.experiment_items);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${ITEMS}/stream`,
      id: "streamExperimentItems",
      tag: "Experiments",
      summary: "Stream experiment items",
      body: streamItemsRequest,
      streams: true,
      responses: { 200: experimentItem },
      handle: ({ owner, body }) => {
        const ids = experiments.idsOfName(owner, body.experiment_name, body.project_name);
        return recordStream(reader.stream(owner, ids, body));
      },
    }),
    route({
      method: "POST",
      path: `${ITEMS}/delete`,
      id: "deleteExperimentItems",
      tag: "Experiments",
      summary: "Delete experiment items",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        items.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${ITEMS}/:id`,
      id: "getExperimentItemById",
      tag: "Experiments",
      summary: "Get experiment item by id",
      pathParameters: { id: pathUuid },
      responses: { 200: experimentItemReference },
      handle: ({ owner, path }) => ({ status: 200, body: items.get(owner, path.id) }),
    }),
    route({
      method: "GET",
      path: COMPARISON,
      id: "findDatasetItemsWithExperimentItems",
      tag: "Datasets",
      summary: "Find dataset items with experiment items",
      pathParameters: { id: pathUuid },
      query: comparisonQuery,
      responses: { 200: comparedItemPage },
      handle: async ({ owner, path, query }) => {
        const compared = experiments.compared(owner, path.id, query.experiment_ids);
        return { status: 200, body: await reader.compare(owner, path.id, compared, query) };
      },
    }),
    route({
      method: "GET",
      path: `${COMPARISON}/stats`,
      id: "getDatasetExperimentItemsStats",
      tag: "Datasets",
      summary: "Get statistics of the items of experiments",
      pathParameters: { id: pathUuid },
      query: { experiment_ids: requiredQuery(queryTexts), filters: queryFilters(COMPARISON_FIELDS) },
      responses: { 200: recordStats },
      handle: async ({ owner, path, query }) => {
        if (query.experiment_ids.length === 0) throw OpikError.message(400, "experiment_ids cannot be empty");
        const compared = experiments.compared(owner, path.id, query.experiment_ids);
        return { status: 200, body: await reader.stats(owner, compared, query.filters) };
      },
    }),
    route({
      method: "GET",
      path: `${COMPARISON}/output/columns`,
      id: "getDatasetItemsOutputColumns",
      tag: "Datasets",
      summary: "Get dataset items output columns",
      pathParameters: { id: pathUuid },
      query: { experiment_ids: queryTexts },
      responses: { 200: outputColumns },
      handle: async ({ owner, path, query }) => {
        const ids = experiments.compared(owner, path.id, query.experiment_ids ?? []).map(({ id }) => id);
        return { status: 200, body: { columns: await reader.outputColumns(owner, ids) } };
      },
    }),
  ];
}
