import type { Route } from "../../../../http/route.ts";
import { DEFAULT_PROJECT } from "../../../projects/service.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { foundElsewhere } from "../../workspace-fallback.ts";
import { EXPERIMENTS_PATH } from "../routes.ts";
import { bulkUpload } from "./schema.ts";
import type { BulkService, ProjectFallback } from "./service.ts";

/** Route that writes items of experiments with their traces. */
export function bulkRoutes(route: DefineOpikRoute, bulk: BulkService): Route[] {
  return [
    route({
      method: "PUT",
      path: `${EXPERIMENTS_PATH}/items/bulk`,
      id: "experimentItemsBulk",
      tag: "Experiments",
      summary: "Record experiment items in bulk",
      body: bulkUpload,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        return { status: 204, headers: warningOf(bulk.upload(owner, body), body.dataset_name) };
      },
    }),
  ];
}

/** The header that tells a client that it should have named the project. */
function warningOf(fallback: ProjectFallback | undefined, dataset: string): Record<string, string> {
  if (fallback === undefined) return {};
  if (fallback === "dataset") return foundElsewhere("Dataset", dataset);
  const placed = `traces without a project were placed in the default project '${DEFAULT_PROJECT}'`;
  return {
    "x-opik-deprecation": `project_name could not be resolved; ${placed}. This fallback is deprecated, please provide project_name.`,
  };
}
