import type { Background } from "../../core/background.ts";
import type { IdempotencyService } from "../access/idempotency/service.ts";
import type { TokenService } from "../access/tokens/service.ts";
import type { StraitContext } from "../context.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { SecretService } from "../definitions/secrets/service.ts";
import type { CheckpointService } from "../records/checkpoints/service.ts";
import type { MemoryService } from "../records/memory/service.ts";
import type { AttemptHistory } from "../run/attempts/service.ts";
import type { RunRow } from "../run/run.ts";
import type { RunService } from "../run/service.ts";
import { Schedules } from "../triggers/schedules/schedules.ts";
import { DeferredTriggerAlarm } from "../triggers/trigger/deferred-trigger-alarm.ts";
import type { DeferredTriggers } from "../triggers/trigger/deferred-triggers.ts";
import type { EventTriggerService } from "../waits/service.ts";
import { AttemptService } from "./attempts.ts";
import { Circuits } from "./circuits.ts";
import { Dispatcher } from "./dispatcher.ts";
import { ConcurrencyLimits } from "./limits.ts";
import { Pusher } from "./pusher.ts";
import { createRunReaper } from "./reaper.ts";
import { Routing } from "./routing.ts";
import { RunHeartbeats } from "./run-heartbeats.ts";
import { RunTimers } from "./run-timers.ts";
import { DispatchStore } from "./store.ts";
import { WorkerQueue } from "./worker-queue.ts";

export interface DispatchDependencies {
  runs: RunService;
  attemptHistory: AttemptHistory;
  jobs: JobService;
  secrets: SecretService;
  tokens: TokenService;
  checkpoints: CheckpointService;
  deferredTriggers: DeferredTriggers;
  idempotency: IdempotencyService;
  memory: MemoryService;
  eventTriggers: EventTriggerService;
}

/** Dispatches runs to their executors, and ends those that are out of time. */
export interface Dispatch {
  services: {
    /** Ends attempts, for the parts that execute runs. */
    attempts: AttemptService;
    /** Sends the heartbeats of runs that this process executes. */
    runHeartbeats: RunHeartbeats;
    workers: WorkerQueue;
  };
  /** The parts that react to events. */
  reacting: {
    routing: Routing;
    timers: RunTimers;
    runHeartbeats: RunHeartbeats;
    workers: WorkerQueue;
    pusher: Pusher;
    dispatcher: Dispatcher;
    schedules: Schedules;
    alarm: DeferredTriggerAlarm;
  };
  /** In the order in which it starts: nothing is assigned before it is in the right queue and has its timer. */
  background: readonly Background[];
}

/** Creates the parts of dispatch. */
export function createDispatch(context: StraitContext, dependencies: DispatchDependencies): Dispatch {
  const { config, database } = context;
  const store = new DispatchStore(database);
  const limits = new ConcurrencyLimits({ ...dependencies, store });
  const circuits = new Circuits(context, { store });
  const attempts = new AttemptService(context, dependencies);
  const onReady = (run: RunRow): void => {
    if (run.execution_mode === "worker") workers.wake(run.queue_name);
    else dispatcher.wake(run.job_id);
  };
  const routing = new Routing(context, { ...dependencies, store, onReady });
  const runHeartbeats = new RunHeartbeats(context, { ...dependencies, store });
  const workers = new WorkerQueue(context, { ...dependencies, store, limits });
  const timers = new RunTimers(context, {
    ...dependencies,
    store,
    onReady,
    onTimedOut: (run) => {
      pusher.cut(run.id);
      attempts.timeOut(run.id);
    },
  });
  const pusher = new Pusher(context, { ...dependencies, attempts, circuits, runHeartbeats });
  const hasCapacity = (): boolean => pusher.size < config.maxOpenPushes;
  const dispatcher = new Dispatcher(context, { ...dependencies, store, limits, circuits, hasCapacity });
  const reaper = createRunReaper(context, { ...dependencies, store, attempts, circuits, runHeartbeats, workers });
  const schedules = new Schedules(context, dependencies);
  const alarm = new DeferredTriggerAlarm(context, dependencies);
  return {
    services: { attempts, runHeartbeats, workers },
    reacting: { routing, timers, runHeartbeats, workers, pusher, dispatcher, schedules, alarm },
    background: [routing, timers, runHeartbeats, workers, reaper, schedules, alarm, pusher, dispatcher],
  };
}
