import type { Route } from "../../../../http/route.ts";
import { pathUuid } from "../../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../../wire/route.ts";
import { exportJob, exportJobs } from "./schema.ts";
import type { ExportService } from "./service.ts";

const DATASETS = "/v1/private/datasets";
const JOBS = `${DATASETS}/export-jobs`;
const tag = "Datasets";
const pathParameters = { jobId: pathUuid };

/** Routes that export items of datasets to CSV files [opik 10.4]. */
export function exportRoutes(route: DefineOpikRoute, exports: ExportService): Route[] {
  return [
    route({
      method: "POST",
      path: `${DATASETS}/:id/export`,
      id: "startDatasetExport",
      tag,
      summary: "Start dataset CSV export",
      pathParameters: { id: pathUuid },
      responses: { 200: exportJob, 202: exportJob },
      handle: ({ owner, path }) => {
        const job = exports.begin(owner, path.id);
        return { status: job.status === "PENDING" ? 202 : 200, body: job };
      },
    }),
    route({
      method: "GET",
      path: JOBS,
      id: "getDatasetExportJobs",
      tag,
      summary: "Get all dataset export jobs",
      responses: { 200: exportJobs },
      handle: ({ owner }) => ({ status: 200, body: exports.list(owner) }),
    }),
    route({
      method: "GET",
      path: `${JOBS}/:jobId`,
      id: "getDatasetExportJob",
      tag,
      summary: "Get dataset export job status",
      pathParameters,
      responses: { 200: exportJob },
      handle: ({ owner, path }) => ({ status: 200, body: exports.get(owner, path.jobId) }),
    }),
    route({
      method: "PUT",
      path: `${JOBS}/:jobId/mark-viewed`,
      id: "markDatasetExportJobViewed",
      tag,
      summary: "Mark dataset export job as viewed",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        exports.markViewed(owner, path.jobId);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${JOBS}/:jobId/download`,
      id: "downloadDatasetExport",
      tag,
      summary: "Download dataset export file",
      pathParameters,
      anyMediaType: true,
      responses: { 200: undefined },
      handle: ({ owner, path }) => {
        const { name, content } = exports.download(owner, path.jobId);
        return new Response(content, {
          headers: { "content-type": "text/csv", "content-disposition": `attachment; ${fileNameParameter(name)}` },
        });
      },
    }),
  ];
}

const ASCII = /^[ -~]*$/;

function fileNameParameter(name: string): string {
  return ASCII.test(name) ? `filename="${name}"` : `filename*=UTF-8''${encodeURIComponent(name)}`;
}
