import { PeriodicTasks } from "../core/periodic-tasks.ts";
import type { OpikContext } from "./context.ts";
import type { QueueService } from "./library/annotation-queues/service.ts";
import type { AttachmentService } from "./library/attachments/service.ts";
import type { ExportService } from "./library/datasets/exports/service.ts";
import type { BridgeService } from "./runners/bridge/service.ts";
import type { HeartbeatService } from "./runners/heartbeats/service.ts";
import type { JobService } from "./runners/jobs/service.ts";
import type { PairingService } from "./runners/pairing/service.ts";
import type { RunnerService } from "./runners/service.ts";
import type { AssertionService } from "./tracing/assertions/service.ts";
import type { CommentService } from "./tracing/comments/service.ts";
import type { FeedbackService } from "./tracing/feedback/service.ts";
import type { OtelService } from "./tracing/otel/service.ts";
import type { SpanService } from "./tracing/spans/service.ts";
import type { ThreadService } from "./tracing/threads/service.ts";
import type { TraceService } from "./tracing/traces/service.ts";

export interface ReaperDependencies {
  runners: RunnerService;
  heartbeats: HeartbeatService;
  jobs: JobService;
  bridge: BridgeService;
  pairing: PairingService;
  traces: TraceService;
  attachments: AttachmentService;
  annotationQueues: QueueService;
  datasetExports: ExportService;
  spans: SpanService;
  feedback: FeedbackService;
  assertions: AssertionService;
  comments: CommentService;
  threads: ThreadService;
  otel: OtelService;
}

/** Tasks of the reaper: dead runners, jobs over their timeout, expired rows [opik 3.1], the index of metadata. */
export function createReaper(context: OpikContext, dependencies: ReaperDependencies): PeriodicTasks {
  const { config } = context;
  const {
    runners,
    heartbeats,
    jobs,
    bridge,
    pairing,
    traces,
    spans,
    attachments,
    annotationQueues,
    datasetExports,
    feedback,
    assertions,
    comments,
    threads,
    otel,
  } = dependencies;
  return new PeriodicTasks({
    clock: context.clock,
    onError: context.reportError,
    intervalMs: config.reaperIntervalMs,
    steps: [
      () => runners.purgeDead(config.deadRunnerPurgeMs),
      () => jobs.failOverdue(),
      () => jobs.deleteExpired(),
      () => bridge.deleteExpired(),
      () => pairing.deleteExpired(),
      () => heartbeats.forgetDelivered(),
      () => traces.deleteExpired(),
      () => attachments.deleteExpired(),
      () => annotationQueues.deleteExpired(),
      () => datasetExports.deleteExpired(),
      () => spans.deleteExpired(),
      () => feedback.deleteExpired(),
      () => assertions.deleteExpired(),
      () => comments.deleteExpired(),
      () => threads.deleteExpired(),
      () => otel.deleteExpired(),
      () => traces.indexMetadata(),
      () => spans.indexMetadata(),
    ],
  });
}
