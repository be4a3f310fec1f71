import type { Route } from "../../../../http/route.ts";
import { queryFilters } from "../../../search/filters.ts";
import { pathUuid, queryBoolean, queryInteger, queryPageSize, queryText } from "../../../wire/parameters.ts";
import { recordStream } from "../../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { DATASETS } from "../routes.ts";
import { datasetVersion } from "../versions/schema.ts";
import type { VersionChanges } from "./changes.ts";
import { ITEM_FIELDS } from "./filters.ts";
import type { ItemReader } from "./reader.ts";
import {
  datasetItem,
  datasetItemPage,
  deleteItemsRequest,
  itemChangesRequest,
  MAX_STREAM,
  patchItemRequest,
  putItemsRequest,
  streamItemsRequest,
  updateItemsRequest,
} from "./schema.ts";
import type { ItemService } from "./service.ts";

export interface ItemRoutesDependencies {
  items: ItemService;
  reader: ItemReader;
  changes: VersionChanges;
}

const tag = "Datasets";
const itemParameters = { itemId: pathUuid };

/** The newest Python SDK computes from `total` how many pages of this size there are. */
const MAX_PAGE = MAX_STREAM;

const listQuery = {
  page: queryInteger(1, 1),
  size: queryPageSize(10, MAX_PAGE),
  version: queryText,
  filters: queryFilters(ITEM_FIELDS),
  truncate: queryBoolean,
};

/** Routes that write and read items of datasets. */
export function itemRoutes(route: DefineOpikRoute, { items, reader, changes }: ItemRoutesDependencies): Route[] {
  return [
    route({
      method: "PUT",
      path: `${DATASETS}/items`,
      id: "createOrUpdateDatasetItems",
      tag,
      summary: "Create/update dataset items",
      body: putItemsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        items.put(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${DATASETS}/items/stream`,
      id: "streamDatasetItems",
      tag,
      summary: "Stream dataset items",
      body: streamItemsRequest,
      streams: true,
      responses: { 200: datasetItem },
      handle: ({ owner, body }) => recordStream(reader.stream(owner, body)),
    }),
    route({
      method: "POST",
      path: `${DATASETS}/items/delete`,
      id: "deleteDatasetItems",
      tag,
      summary: "Delete dataset items",
      body: deleteItemsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        items.delete(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${DATASETS}/items/batch`,
      id: "batchUpdateDatasetItems",
      tag,
      summary: "Batch update dataset items",
      body: updateItemsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        items.update(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${DATASETS}/items/:itemId`,
      id: "getDatasetItemById",
      tag,
      summary: "Get dataset item by id",
      pathParameters: itemParameters,
      responses: { 200: datasetItem },
      handle: ({ owner, path }) => ({ status: 200, body: reader.get(owner, path.itemId) }),
    }),
    route({
      method: "PATCH",
      path: `${DATASETS}/items/:itemId`,
      id: "patchDatasetItem",
      tag,
      summary: "Partially update dataset item by id",
      pathParameters: itemParameters,
      body: patchItemRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        items.patch(owner, path.itemId, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${DATASETS}/:id/items`,
      id: "getDatasetItems",
      tag,
      summary: "Get dataset items",
      pathParameters: { id: pathUuid },
      query: listQuery,
      responses: { 200: datasetItemPage },
      handle: async ({ owner, path, query }) => ({ status: 200, body: await reader.list(owner, path.id, query) }),
    }),
    route({
      method: "POST",
      path: `${DATASETS}/:id/items/changes`,
      id: "applyDatasetItemChanges",
      tag,
      summary: "Apply changes to dataset items",
      pathParameters: { id: pathUuid },
      query: { override: queryBoolean },
      body: itemChangesRequest,
      responses: { 201: datasetVersion },
      handle: ({ owner, path, query, body }) => ({
        status: 201,
        body: changes.apply(owner, path.id, body, query.override),
      }),
    }),
  ];
}
