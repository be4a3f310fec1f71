import { attempt } from "../../core/attempt.ts";
import { PeriodicTasks } from "../../core/periodic-tasks.ts";
import type { IdempotencyService } from "../access/idempotency/service.ts";
import type { StraitContext } from "../context.ts";
import type { MemoryService } from "../records/memory/service.ts";
import type { RunService } from "../run/service.ts";
import type { EventTriggerService } from "../waits/service.ts";
import type { AttemptService } from "./attempts.ts";
import type { Circuits } from "./circuits.ts";
import type { RunHeartbeats } from "./run-heartbeats.ts";
import type { DispatchStore } from "./store.ts";
import type { WorkerQueue } from "./worker-queue.ts";

export interface RunReaperDependencies {
  store: DispatchStore;
  runs: RunService;
  eventTriggers: EventTriggerService;
  idempotency: IdempotencyService;
  memory: MemoryService;
  attempts: AttemptService;
  circuits: Circuits;
  runHeartbeats: RunHeartbeats;
  workers: WorkerQueue;
}

/**
 * Creates the reaper: periodic tasks that end runs without heartbeats and runs that were not started in time, and
 * delete expired rows [strait 5.3].
 */
export function createRunReaper(context: StraitContext, dependencies: RunReaperDependencies): PeriodicTasks {
  const { database, clock, config, reportError } = context;
  const { store, runs, eventTriggers, idempotency, memory } = dependencies;
  const { attempts, circuits, runHeartbeats, workers } = dependencies;
  /** Runs `work` for each run by itself, so that a failure does not affect the others. */
  const each = (ids: readonly string[], work: (id: string) => void): void => {
    for (const id of ids) attempt(() => database.transaction(() => work(id)), reportError);
  };
  const lose = (id: string): void => {
    const run = runs.find(id);
    if (run?.status === "dequeued") runs.transition(run, "queued");
    // An assignment that no worker has read is no attempt.
    else if (!workers.takeBackUnacknowledged(id)) attempts.lose(id);
  };
  const expire = (id: string): void => {
    const run = runs.find(id);
    if (run !== undefined) runs.transition(run, "expired", { error: "run expired" });
  };
  return new PeriodicTasks({
    clock,
    intervalMs: config.runReaperIntervalMs,
    onError: reportError,
    steps: [
      () => each(runHeartbeats.lost(), lose),
      () => each(store.unstarted(clock.now()), expire),
      () => idempotency.deleteExpired(),
      () => memory.deleteExpired(),
      () => circuits.deleteUnused(),
      () => runs.deleteEnded(clock.now() - config.runTtlMs),
      () => eventTriggers.deleteEnded(clock.now() - config.runTtlMs),
    ],
  });
}
