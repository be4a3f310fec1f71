import type { Background } from "../../../core/background.ts";
import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { SpanService } from "../../tracing/spans/service.ts";
import type { TraceService } from "../../tracing/traces/service.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { exportRoutes } from "./exports/routes.ts";
import { ExportService } from "./exports/service.ts";
import { recordItemRoutes } from "./from-records/routes.ts";
import { RecordItemService } from "./from-records/service.ts";
import { VersionChanges } from "./items/changes.ts";
import { ItemReader } from "./items/reader.ts";
import { itemRoutes } from "./items/routes.ts";
import { ItemService } from "./items/service.ts";
import { datasetRoutes } from "./routes.ts";
import { DatasetService } from "./service.ts";
import { uploadRoutes } from "./uploads/routes.ts";
import { UploadService } from "./uploads/service.ts";
import { versionRoutes } from "./versions/routes.ts";
import { VersionService } from "./versions/service.ts";

export interface DatasetsDependencies {
  projects: ProjectService;
  traces: TraceService;
  spans: SpanService;
}

/** Datasets with their items and versions, files of items, and items made from traces. */
export interface Datasets {
  services: {
    datasets: DatasetService;
    datasetVersions: VersionService;
    datasetItems: ItemService;
    datasetExports: ExportService;
  };
  reader: ItemReader;
  routes(route: DefineOpikRoute): Route[];
  /** The parts that work without a request. */
  background: readonly Background[];
}

/** Creates datasets, their items and versions. */
export function createDatasets(context: OpikContext, { projects, traces, spans }: DatasetsDependencies): Datasets {
  const versions = new VersionService(context);
  const datasets = new DatasetService(context, { projects, versions });
  const items = new ItemService(context, { datasets, versions });
  const reader = new ItemReader(context, { datasets, versions });
  const changes = new VersionChanges(context, { datasets, items, versions });
  const recordItems = new RecordItemService({ datasets, items, traces, spans });
  const exports = new ExportService(context, { datasets, reader });
  const uploads = new UploadService(context, { datasets, items });
  return {
    services: { datasets, datasetVersions: versions, datasetItems: items, datasetExports: exports },
    reader,
    routes: (route) => [
      ...datasetRoutes(route, datasets, items),
      ...itemRoutes(route, { items, reader, changes }),
      ...recordItemRoutes(route, recordItems),
      ...versionRoutes(route, versions, changes),
      ...exportRoutes(route, exports),
      ...uploadRoutes(route, uploads),
    ],
    background: [exports, uploads],
  };
}
