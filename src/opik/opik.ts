import type { Background } from "../core/background.ts";
import type { Reactions } from "../core/events.ts";
import { randomHex } from "../core/ids.ts";
import { lazily } from "../core/lazily.ts";
import type { Api } from "../http/route.ts";
import type { Tenancy } from "./access/owner.ts";
import { accessRoutes } from "./access/routes.ts";
import type { OpikContext } from "./context.ts";
import { environmentRoutes } from "./environments/routes.ts";
import { EnvironmentService } from "./environments/service.ts";
import type { OpikChanges } from "./events.ts";
import { healthRoutes } from "./health/routes.ts";
import { AttachmentService } from "./library/attachments/service.ts";
import { createLibrary, type Library } from "./library/library.ts";
import { projectRoutes } from "./projects/routes.ts";
import { ProjectService } from "./projects/service.ts";
import { declinedRoutes } from "./published/declined.ts";
import { opikReactions } from "./reactions.ts";
import { createReaper } from "./reaper.ts";
import { bridgeRoutes } from "./runners/bridge/routes.ts";
import { BridgeService } from "./runners/bridge/service.ts";
import { HeartbeatWatch } from "./runners/heartbeat-watch.ts";
import { heartbeatRoutes } from "./runners/heartbeats/routes.ts";
import { HeartbeatService } from "./runners/heartbeats/service.ts";
import { jobRoutes } from "./runners/jobs/routes.ts";
import { JobService } from "./runners/jobs/service.ts";
import { pairingRoutes } from "./runners/pairing/routes.ts";
import { PairingService } from "./runners/pairing/service.ts";
import { runnerRoutes } from "./runners/routes.ts";
import { RunnerService } from "./runners/service.ts";
import { SnapshotService } from "./snapshots/service.ts";
import { assertionRoutes } from "./tracing/assertions/routes.ts";
import { AssertionService } from "./tracing/assertions/service.ts";
import { CommentService } from "./tracing/comments/service.ts";
import { scoreNameRoutes } from "./tracing/feedback/name-routes.ts";
import { FeedbackService } from "./tracing/feedback/service.ts";
import { metricsRoutes } from "./tracing/metrics/routes.ts";
import { MetricsService } from "./tracing/metrics/service.ts";
import { otelRoutes } from "./tracing/otel/routes.ts";
import { OtelService } from "./tracing/otel/service.ts";
import { projectStatsRoutes } from "./tracing/project-stats/routes.ts";
import { ProjectStatsService } from "./tracing/project-stats/service.ts";
import { spanRoutes } from "./tracing/spans/routes.ts";
import { SpanService } from "./tracing/spans/service.ts";
import { statsRoutes } from "./tracing/stats/routes.ts";
import { ThreadRegistry } from "./tracing/threads/registry.ts";
import { threadRoutes } from "./tracing/threads/routes.ts";
import { ThreadService } from "./tracing/threads/service.ts";
import { traceRoutes } from "./tracing/traces/routes.ts";
import { TraceService } from "./tracing/traces/service.ts";
import { OPIK_COMPRESSION } from "./wire/compression.ts";
import { OpikError, opikError, toOpikAnswer } from "./wire/errors.ts";
import { OPIK_METHODS } from "./wire/methods.ts";
import { createRouteDefiner } from "./wire/route.ts";
import { checkTarget } from "./wire/target.ts";

/** The tables of runners, and of what they need to go on. */
export const RUNNER_TABLES = ["projects", "projects_by_key", "runners", "agents", "bridge_keys"];

export interface OpikDependencies {
  tenancy: Tenancy;
}

/** Opik's API. */
export interface Opik {
  api: Api;
  services: {
    runners: RunnerService;
    heartbeats: HeartbeatService;
    jobs: JobService;
    bridge: BridgeService;
    projects: ProjectService;
    environments: EnvironmentService;
    traces: TraceService;
    spans: SpanService;
    feedback: FeedbackService;
    comments: CommentService;
    pairing: PairingService;
    snapshots: SnapshotService;
  } & Library["services"];
  /** What follows from events. */
  reactions: Reactions<OpikChanges>;
  /** The parts that work without a request, in the order in which they start. */
  background: readonly Background[];
}

/** Creates Opik's services and routes. */
export function createOpik(context: OpikContext, { tenancy }: OpikDependencies): Opik {
  const { config, events, ids } = context;
  const runners = new RunnerService(context);
  const heartbeats = new HeartbeatService(context, { runners });
  const jobs = new JobService(context, { runners, heartbeats });
  const bridge = new BridgeService(context, { runners });
  const projects = new ProjectService(context);
  const environments = new EnvironmentService(context);
  const assertions = new AssertionService(context, { projects });
  const feedback = new FeedbackService(context, { projects, assertions });
  const comments = new CommentService(context);
  const attachments = new AttachmentService(context, { projects });
  const records = { projects, environments, feedback, comments, files: attachments };
  const spans = new SpanService(context, records);
  const registry = new ThreadRegistry(context);
  const traces = new TraceService(context, { ...records, spans, threads: registry });
  const otel = new OtelService(context, { projects, traces, spans });
  const threads = new ThreadService(context, { projects, traces, spans, feedback, comments, registry });
  const projectStats = new ProjectStatsService({ projects, traces });
  const metrics = new MetricsService(context, { projects, traces, spans, threads });
  const library = createLibrary(context, { ...records, traces, spans, assertions, attachments });
  const pairing = new PairingService(context, { runners, projects });
  const watch = new HeartbeatWatch(context, { runners });
  const reaper = createReaper(context, {
    runners,
    heartbeats,
    jobs,
    bridge,
    pairing,
    traces,
    spans,
    feedback,
    assertions,
    comments,
    attachments,
    annotationQueues: library.services.annotationQueues,
    datasetExports: library.services.datasetExports,
    threads,
    otel,
  });

  const route = createRouteDefiner(tenancy, config.maxBodyBytes, context.ignoredFields);
  const firstRoutes = healthRoutes(route, context.clock);
  const served = lazily(() => [
    ...firstRoutes,
    ...accessRoutes(route),
    ...runnerRoutes(route, { runners, jobs }),
    ...heartbeatRoutes(route, heartbeats),
    ...jobRoutes(route, jobs),
    ...bridgeRoutes(route, bridge),
    ...projectRoutes(route, projects),
    ...environmentRoutes(route, environments),
    ...projectStatsRoutes(route, projectStats),
    ...scoreNameRoutes(route, { feedback, projects }),
    ...statsRoutes(route, { traces, spans, threads }),
    ...metricsRoutes(route, metrics),
    ...threadRoutes(route, { threads, feedback, comments }),
    ...traceRoutes(route, { traces, feedback, comments }),
    ...spanRoutes(route, { spans, feedback, comments }),
    ...otelRoutes(route, otel),
    ...pairingRoutes(route, pairing),
    ...assertionRoutes(route, assertions),
    ...library.routes(route),
  ]);
  const routes = lazily(() => [...served(), ...declinedRoutes(served())]);
  return {
    services: {
      runners,
      heartbeats,
      jobs,
      bridge,
      projects,
      environments,
      traces,
      spans,
      feedback,
      comments,
      pairing,
      snapshots: new SnapshotService(context, { projects, environments }),
      ...library.services,
    },
    api: {
      prefixes: ["", "/api"],
      firstRoutes,
      get routes() {
        return routes();
      },
      owns: () => true,
      methods: OPIK_METHODS,
      compression: OPIK_COMPRESSION,
      checkTarget,
      errors: { name: "OpikError", schema: opikError },
      toAnswer: (error) => {
        // Not where it is thrown, because the transaction that is rolled back there drops its events.
        if (error instanceof OpikError && error.notice !== undefined)
          events.emit("client:notice", { message: error.notice });
        return toOpikAnswer(error, () => randomHex(ids, 8));
      },
    },
    reactions: opikReactions({ jobs, bridge, watch }),
    background: [heartbeats, jobs, bridge, watch, ...library.background, reaper],
  };
}
