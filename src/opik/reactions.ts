import type { Reactions } from "../core/events.ts";
import type { OpikChanges } from "./events.ts";
import type { BridgeService } from "./runners/bridge/service.ts";
import type { HeartbeatWatch } from "./runners/heartbeat-watch.ts";
import type { JobService } from "./runners/jobs/service.ts";

export interface OpikReactionsDependencies {
  jobs: JobService;
  bridge: BridgeService;
  watch: HeartbeatWatch;
}

/** What follows from each committed event, in this order. */
export function opikReactions({ jobs, bridge, watch }: OpikReactionsDependencies): Reactions<OpikChanges> {
  return {
    "runner:connected": [(runner) => watch.follow(runner.id)],
    "runner:removed": [
      (runner) => jobs.dismiss(runner.id),
      (runner) => bridge.dismiss(runner.id),
      (runner) => watch.forget(runner.id),
    ],
    "job:status:changed": [({ job }) => jobs.follow(job)],
    "bridge:command:changed": [({ command }) => bridge.follow(command)],
  };
}
