import type { Config } from "../../config.ts";
import type { Background } from "../../core/background.ts";
import type { Clock } from "../../core/clock.ts";
import type { EventBus } from "../../core/events.ts";
import type { IdSource } from "../../core/ids.ts";
import type { OpenPolls } from "../../core/open-polls.ts";
import type { Database } from "../../database/database.ts";
import type { IdempotencyService } from "../access/idempotency/service.ts";
import type { TokenService } from "../access/tokens/service.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { SecretService } from "../definitions/secrets/service.ts";
import type { StraitEvents } from "../events.ts";
import type { CheckpointService } from "../records/checkpoints/service.ts";
import type { MemoryService } from "../records/memory/service.ts";
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

export interface DispatchOptions {
  config: Config;
  clock: Clock;
  ids: IdSource;
  events: EventBus<StraitEvents>;
  database: Database;
  openPolls: OpenPolls;
  runs: RunService;
  jobs: JobService;
  secrets: SecretService;
  tokens: TokenService;
  checkpoints: CheckpointService;
  held: DeferredTriggers;
  idempotency: IdempotencyService;
  memory: MemoryService;
  eventTriggers: EventTriggerService;
  /** Called with errors that occur outside of a request. */
  onError: (error: unknown) => void;
}

/** Dispatches runs to their executors, and ends those that are out of time. */
export interface Dispatch {
  services: {
    /** Ends attempts, for the parts that execute runs. */
    attempts: AttemptService;
    /** Keeps runs that this process executes from being lost. */
    runHeartbeats: RunHeartbeats;
    workers: WorkerQueue;
  };
  /** In the order in which it starts: nothing is assigned before it is in the right queue and has its timer. */
  background: readonly Background[];
}

/** Puts the parts of dispatch together. */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { config, database } = options;
  const store = new DispatchStore(database);
  const limits = new ConcurrencyLimits({ ...options, store });
  const circuits = new Circuits({ ...options, store });
  const attempts = new AttemptService(options);
  const onReady = (run: RunRow): void => {
    if (run.execution_mode === "worker") workers.wake(run.queue_name);
    else dispatcher.wake(run.job_id);
  };
  // Subscribes before the parts that assign runs: the route of a run must be set when they receive its event.
  const routing = new Routing({ ...options, store, onReady });
  const runHeartbeats = new RunHeartbeats({ ...options, store });
  const workers = new WorkerQueue({ ...options, store, limits });
  // The timer of a run is set before it is pushed: of two that are due at once, the older one counts.
  const timers = new RunTimers({
    ...options,
    store,
    onReady,
    onTimedOut: (run) => {
      pusher.cut(run.id);
      attempts.timeOut(run.id);
    },
  });
  const pusher = new Pusher({ ...options, attempts, circuits, runHeartbeats });
  const hasCapacity = (): boolean => pusher.size < config.maxOpenPushes;
  const dispatcher = new Dispatcher({ ...options, store, limits, circuits, hasCapacity });
  const reaper = createRunReaper({ ...options, store, attempts, circuits, runHeartbeats, workers });
  const schedules = new Schedules(options);
  const alarm = new DeferredTriggerAlarm(options);
  return {
    services: { attempts, runHeartbeats, workers },
    background: [routing, timers, runHeartbeats, workers, reaper, schedules, alarm, pusher, dispatcher],
  };
}
