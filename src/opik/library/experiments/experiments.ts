import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { AssertionService } from "../../tracing/assertions/service.ts";
import type { FeedbackService } from "../../tracing/feedback/service.ts";
import type { SpanService } from "../../tracing/spans/service.ts";
import type { TraceService } from "../../tracing/traces/service.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import type { Datasets } from "../datasets/datasets.ts";
import type { PromptVersionService } from "../prompts/version-service.ts";
import { bulkRoutes } from "./bulk/routes.ts";
import { BulkService } from "./bulk/service.ts";
import { groupRoutes } from "./groups/routes.ts";
import { GroupService } from "./groups/service.ts";
import { Outcomes } from "./items/outcomes.ts";
import { ExperimentItemReader } from "./items/reader.ts";
import { experimentItemRoutes } from "./items/routes.ts";
import { ExperimentItemService } from "./items/service.ts";
import { experimentRoutes } from "./routes.ts";
import { ExperimentService } from "./service.ts";
import { Summaries } from "./summary.ts";

export interface ExperimentsDependencies {
  projects: ProjectService;
  traces: TraceService;
  spans: SpanService;
  assertions: AssertionService;
  feedback: FeedbackService;
  datasets: Datasets;
  promptVersions: PromptVersionService;
}

/** Experiments with their items. */
export interface Experiments {
  services: { experiments: ExperimentService; experimentItems: ExperimentItemService };
  routes(route: DefineOpikRoute): Route[];
}

/** Creates experiments and their items. */
export function createExperiments(context: OpikContext, dependencies: ExperimentsDependencies): Experiments {
  const { projects, traces, spans, assertions, feedback, datasets, promptVersions } = dependencies;
  const items = new ExperimentItemService(context, { projects, traces, feedback });
  const experiments = new ExperimentService(context, {
    projects,
    datasets: datasets.services.datasets,
    versions: datasets.services.datasetVersions,
    promptVersions,
    items,
    summaries: new Summaries({ items, traces, assertions, feedback }),
  });
  const records = { projects, traces, spans, feedback };
  const bulk = new BulkService(context, { ...records, datasets: datasets.services.datasets, experiments, items });
  const outcomes = new Outcomes({ traces, assertions });
  const reader = new ExperimentItemReader(context, { outcomes, traces, datasetItems: datasets.reader });
  return {
    services: { experiments, experimentItems: items },
    routes: (route) => [
      ...groupRoutes(route, new GroupService({ experiments })),
      ...experimentRoutes(route, experiments, items),
      ...bulkRoutes(route, bulk),
      ...experimentItemRoutes(route, { experiments, items, reader }),
    ],
  };
}
