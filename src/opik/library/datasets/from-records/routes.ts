import type { Route } from "../../../../http/route.ts";
import { pathUuid } from "../../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { DATASETS } from "../routes.ts";
import { itemsFromSpansRequest, itemsFromTracesRequest } from "./schema.ts";
import type { RecordItemService } from "./service.ts";

const common = {
  method: "POST",
  tag: "Datasets",
  pathParameters: { id: pathUuid },
  responses: { 204: undefined },
} as const;

/** Routes that make items from traces and spans [opik 10.6]. */
export function recordItemRoutes(route: DefineOpikRoute, recordItems: RecordItemService): Route[] {
  return [
    route({
      ...common,
      path: `${DATASETS}/:id/items/from-traces`,
      id: "createDatasetItemsFromTraces",
      summary: "Create dataset items from traces",
      body: itemsFromTracesRequest,
      handle: async ({ owner, path, body }) => {
        await recordItems.addTraces(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      ...common,
      path: `${DATASETS}/:id/items/from-spans`,
      id: "createDatasetItemsFromSpans",
      summary: "Create dataset items from spans",
      body: itemsFromSpansRequest,
      handle: async ({ owner, path, body }) => {
        await recordItems.addSpans(owner, path.id, body);
        return { status: 204 };
      },
    }),
  ];
}
