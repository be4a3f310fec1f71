import type { Background } from "../../core/background.ts";
import type { Route } from "../../http/route.ts";
import type { OpikContext } from "../context.ts";
import type { EnvironmentService } from "../environments/service.ts";
import type { ProjectService } from "../projects/service.ts";
import type { AssertionService } from "../tracing/assertions/service.ts";
import type { CommentService } from "../tracing/comments/service.ts";
import type { FeedbackService } from "../tracing/feedback/service.ts";
import type { SpanService } from "../tracing/spans/service.ts";
import type { TraceService } from "../tracing/traces/service.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { type AgentConfigs, createAgentConfigs } from "./agent-configs/agent-configs.ts";
import { type AnnotationQueues, createAnnotationQueues } from "./annotation-queues/annotation-queues.ts";
import { attachmentRoutes } from "./attachments/routes.ts";
import type { AttachmentService } from "./attachments/service.ts";
import { createDashboards } from "./dashboards/dashboards.ts";
import { createDatasets, type Datasets } from "./datasets/datasets.ts";
import { emptyListRoutes } from "./empty-lists.ts";
import { createExperiments, type Experiments } from "./experiments/experiments.ts";
import { feedbackDefinitionRoutes } from "./feedback-definitions/routes.ts";
import { FeedbackDefinitionService } from "./feedback-definitions/service.ts";
import { createOptimizations, type Optimizations } from "./optimizations/optimizations.ts";
import { createPrompts, type Prompts } from "./prompts/prompts.ts";
import { redirectRoutes } from "./redirects.ts";
import { workspaceConfigurationRoutes } from "./workspaces/routes.ts";
import { WorkspaceConfigurationService } from "./workspaces/service.ts";

export interface LibraryDependencies {
  projects: ProjectService;
  environments: EnvironmentService;
  traces: TraceService;
  spans: SpanService;
  assertions: AssertionService;
  feedback: FeedbackService;
  comments: CommentService;
  attachments: AttachmentService;
}

/** The resources of clients besides traces: prompts, configurations of agents, annotation queues, datasets, experiments, optimizations. */
export interface Library {
  services: Prompts["services"] &
    AgentConfigs["services"] &
    AnnotationQueues["services"] & { attachments: AttachmentService } & Datasets["services"] &
    Experiments["services"] &
    Optimizations["services"];
  routes(route: DefineOpikRoute): Route[];
  /** The parts that work without a request. */
  background: readonly Background[];
}

/** Creates the resources of the library. */
export function createLibrary(context: OpikContext, dependencies: LibraryDependencies): Library {
  const prompts = createPrompts(context, dependencies);
  const agentConfigs = createAgentConfigs(context, dependencies);
  const annotationQueues = createAnnotationQueues(context, dependencies);
  const { attachments } = dependencies;
  const dashboards = createDashboards(context, dependencies);
  const datasets = createDatasets(context, dependencies);
  const experiments = createExperiments(context, { ...dependencies, ...prompts.services, datasets });
  const optimizations = createOptimizations(context, {
    ...dependencies,
    ...datasets.services,
    ...experiments.services,
  });
  const configurations = new WorkspaceConfigurationService(context);
  const feedbackDefinitions = new FeedbackDefinitionService(context);
  const parts = [prompts, agentConfigs, annotationQueues, dashboards, datasets, experiments, optimizations];
  return {
    services: {
      ...prompts.services,
      ...agentConfigs.services,
      ...annotationQueues.services,
      attachments,
      ...datasets.services,
      ...experiments.services,
      ...optimizations.services,
    },
    routes: (route) => [
      ...parts.flatMap((part) => part.routes(route)),
      ...attachmentRoutes(route, attachments),
      ...workspaceConfigurationRoutes(route, configurations),
      ...feedbackDefinitionRoutes(route, feedbackDefinitions),
      ...emptyListRoutes(route),
      ...redirectRoutes(route),
    ],
    background: [attachments, ...datasets.background],
  };
}
