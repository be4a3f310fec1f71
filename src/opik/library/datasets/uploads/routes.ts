import type { Route } from "../../../../http/route.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { readUploadForm } from "./form.ts";
import type { UploadService } from "./service.ts";

const ITEMS = "/v1/private/datasets/items";
const tag = "Datasets";
const bodyTypes = ["multipart/form-data"];

/** Routes that receive files of items; the answer comes before they are written [opik 10.5]. */
export function uploadRoutes(route: DefineOpikRoute, uploads: UploadService): Route[] {
  return [
    route({
      method: "POST",
      path: `${ITEMS}/from-csv`,
      id: "createDatasetItemsFromCsv",
      tag,
      summary: "Create dataset items from a CSV file: a form with `file` and `dataset_id`",
      bodyTypes,
      responses: { 202: undefined },
      handle: async ({ owner, headers, bytes }) => {
        await uploads.receiveCsv(owner, await readUploadForm(await bytes(), headers.get("content-type")));
        return { status: 202 };
      },
    }),
    route({
      method: "POST",
      path: `${ITEMS}/from-json`,
      id: "createDatasetItemsFromJson",
      tag,
      summary: "Create dataset items from a JSON or JSONL file: a form with `file`, `format` and `dataset_id`",
      bodyTypes,
      responses: { 202: undefined },
      handle: async ({ owner, headers, bytes }) => {
        await uploads.receiveJson(owner, await readUploadForm(await bytes(), headers.get("content-type")));
        return { status: 202 };
      },
    }),
  ];
}
