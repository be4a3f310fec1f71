import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import { PeriodicTasks } from "../core/periodic-tasks.ts";
import type { BridgeService } from "./runners/bridge/service.ts";
import type { HeartbeatService } from "./runners/heartbeats/service.ts";
import type { JobService } from "./runners/jobs/service.ts";
import type { PairingService } from "./runners/pairing/service.ts";
import type { RunnerService } from "./runners/service.ts";
import type { SpanService } from "./tracing/spans/service.ts";
import type { TraceService } from "./tracing/traces/service.ts";

export interface ReaperOptions {
  clock: Clock;
  config: Pick<Config, "reaperIntervalMs" | "deadRunnerPurgeMs">;
  runners: RunnerService;
  heartbeats: HeartbeatService;
  jobs: JobService;
  bridge: BridgeService;
  pairing: PairingService;
  traces: TraceService;
  spans: SpanService;
  /** Takes what went wrong in a step of a pass; the other steps and the next pass come all the same. */
  onError: (error: unknown) => void;
}

/** What happens because time passes: dead runners, stuck jobs, the end of retention [opik 3.1]. */
export function createReaper(options: ReaperOptions): PeriodicTasks {
  const { runners, heartbeats, jobs, bridge, pairing, traces, spans, config } = options;
  return new PeriodicTasks({
    ...options,
    intervalMs: config.reaperIntervalMs,
    steps: [
      () => runners.purgeDead(config.deadRunnerPurgeMs),
      () => jobs.failOverdue(),
      () => jobs.deleteExpired(),
      () => bridge.deleteExpired(),
      () => pairing.deleteExpired(),
      () => heartbeats.forgetDelivered(),
      () => traces.deleteExpired(),
      () => spans.deleteExpired(),
    ],
  });
}
