import type { Route } from "../../../http/route.ts";
import { queryFilters } from "../../search/filters.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryText } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { querySorting } from "../../wire/sorting.ts";
import { QUEUE_FIELDS, SORTABLE_QUEUE_FIELDS } from "./lists.ts";
import { itemLock, locks, queue, queueBatch, queuePage, queueUpdate, queueWrite, queueItems } from "./schema.ts";
import type { QueueService } from "./service.ts";

const QUEUES_PATH = "/v1/private/annotation-queues";

const tag = "Annotation Queues";
const pathParameters = { id: pathUuid };

/** Make, list, get, change and delete annotation queues, and add, remove and lock their items. */
export function queueRoutes(route: DefineOpikRoute, queues: QueueService): Route[] {
  return [
    route({
      method: "GET",
      path: QUEUES_PATH,
      id: "findAnnotationQueues",
      tag,
      summary: "Find annotation queues",
      query: {
        ...pageQuery,
        name: queryText,
        filters: queryFilters(QUEUE_FIELDS),
        sorting: querySorting(SORTABLE_QUEUE_FIELDS),
      },
      responses: { 200: queuePage },
      handle: async ({ owner, query }) => ({ status: 200, body: await queues.list(owner, query) }),
    }),
    route({
      method: "POST",
      path: QUEUES_PATH,
      id: "createAnnotationQueue",
      tag,
      summary: "Create annotation queue",
      body: queueWrite,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const [id] = queues.create(owner, [body]);
        return { status: 201, headers: { location: `${origin}${QUEUES_PATH}/${id}` } };
      },
    }),
    route({
      method: "POST",
      path: `${QUEUES_PATH}/batch`,
      id: "createAnnotationQueueBatch",
      tag,
      summary: "Create annotation queues",
      body: queueBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        queues.create(owner, body.annotation_queues);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${QUEUES_PATH}/delete`,
      id: "deleteAnnotationQueueBatch",
      tag,
      summary: "Delete annotation queues by id",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        queues.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${QUEUES_PATH}/:id`,
      id: "getAnnotationQueueById",
      tag,
      summary: "Get annotation queue by id",
      pathParameters,
      responses: { 200: queue },
      handle: async ({ owner, path }) => ({ status: 200, body: await queues.get(owner, path.id) }),
    }),
    route({
      method: "PATCH",
      path: `${QUEUES_PATH}/:id`,
      id: "updateAnnotationQueue",
      tag,
      summary: "Update annotation queue",
      pathParameters,
      body: queueUpdate,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        queues.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    ...itemRoutes(route, queues),
  ];
}

/** Add, remove and lock items. */
function itemRoutes(route: DefineOpikRoute, queues: QueueService): Route[] {
  return [
    route({
      method: "POST",
      path: `${QUEUES_PATH}/:id/items/add`,
      id: "addItemsToAnnotationQueue",
      tag,
      summary: "Add traces or threads to annotation queue",
      pathParameters,
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        queues.addItems(owner, path.id, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${QUEUES_PATH}/:id/items/search`,
      id: "searchAnnotationQueueItems",
      tag,
      summary: "Search items of annotation queue by their ids",
      pathParameters,
      body: idBatch,
      responses: { 200: queueItems },
      handle: ({ owner, path, body }) => ({ status: 200, body: queues.search(owner, path.id, body.ids) }),
    }),
    route({
      method: "POST",
      path: `${QUEUES_PATH}/:id/items/delete`,
      id: "removeItemsFromAnnotationQueue",
      tag,
      summary: "Remove items from annotation queue",
      pathParameters,
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        queues.removeItems(owner, path.id, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: `${QUEUES_PATH}/:id/items/:itemId/lock`,
      id: "lockAnnotationQueueItem",
      tag,
      summary: "Lock an item for its annotator, or extend the lock",
      pathParameters: { id: pathUuid, itemId: pathUuid },
      responses: { 200: itemLock },
      handle: ({ owner, path }) => ({ status: 200, body: queues.lock(owner, path.id, path.itemId) }),
    }),
    route({
      method: "GET",
      path: `${QUEUES_PATH}/:id/locks`,
      id: "getAnnotationQueueLocks",
      tag,
      summary: "Get the items that users annotate now",
      pathParameters,
      responses: { 200: locks },
      handle: ({ owner, path }) => ({ status: 200, body: queues.locks(owner, path.id) }),
    }),
  ];
}
