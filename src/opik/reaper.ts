import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import { Passes } from "../core/passes.ts";
import type { BridgeService } from "./bridge/service.ts";
import type { HeartbeatService } from "./heartbeats/service.ts";
import type { JobService } from "./jobs/service.ts";
import type { PairingService } from "./pairing/service.ts";
import type { RunnerService } from "./runners/service.ts";
import type { SpanService } from "./spans/service.ts";
import type { TraceService } from "./traces/service.ts";

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

/** What happens because time passes: dead runners, stuck jobs, the end of retention (facts 3.1). */
export function createReaper(options: ReaperOptions): Passes {
  const { runners, heartbeats, jobs, bridge, pairing, traces, spans, config } = options;
  return new Passes({
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
