import type { Background } from "../../core/background.ts";
import type { Timer } from "../../core/clock.ts";
import { inNextTurn } from "../../core/node-timers.ts";
import type { StraitContext } from "../context.ts";
import type { StoredJob } from "../definitions/jobs/job.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { RunRow } from "../run/run.ts";
import type { RunStatus } from "../run/schema.ts";
import type { RunService } from "../run/service.ts";
import type { Circuits } from "./circuits.ts";
import type { ConcurrencyLimits } from "./limits.ts";
import type { Candidate, DispatchStore } from "./store.ts";

export interface DispatcherDependencies {
  store: DispatchStore;
  runs: RunService;
  jobs: JobService;
  limits: ConcurrencyLimits;
  circuits: Circuits;
  /** Whether one more run may be pushed now. */
  hasCapacity: () => boolean;
}

/** The limit of postponements of a run because of its endpoint's circuit. */
const MAX_SNOOZES = 50;
/** The delay before another attempt to dispatch after a failure, such as a full disk. */
const RETRY_MS = 5_000;

/**
 * Decides which queued run of `execution_mode` `http` executes next: the more urgent first, then the older,
 * within the limits of their jobs. It never searches for runs by itself: `wake` reports that a job may have one.
 */
export class Dispatcher implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: DispatcherDependencies;
  /** Ids of jobs that may have a run to dispatch. */
  readonly #awake = new Set<string>();
  /** The next run of each marked job, as far as it was read and has not changed since. */
  readonly #firsts = new Map<string, Candidate>();
  #planned = false;
  #retry: Timer | undefined;
  #running = false;

  constructor(context: StraitContext, dependencies: DispatcherDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Dispatches runs that were queued when the server stopped, and from now on new ones. */
  start(): void {
    this.#running = true;
    for (const jobId of this.#dependencies.store.jobsWithQueued()) this.wake(jobId);
  }

  stop(): void {
    this.#running = false;
    this.#retry?.cancel();
    this.#awake.clear();
  }

  /** Marks the job of a run that was created or changed, when one of its runs may be dispatched by that. */
  follow(run: RunRow, from?: RunStatus): void {
    // A run that has stopped executing frees a place within its job's concurrency limit.
    if (from === "executing" || (run.status === "queued" && run.execution_mode === "http")) this.wake(run.job_id);
  }

  /** Marks a job as one that may have a run to dispatch. */
  wake(jobId: string): void {
    this.#awake.add(jobId);
    this.#firsts.delete(jobId);
    this.#plan();
  }

  /** In the next turn of the event loop, so that of runs made in one turn the most urgent is the first. */
  #plan(): void {
    if (this.#planned || !this.#running) return;
    this.#planned = true;
    inNextTurn(() => {
      this.#planned = false;
      try {
        this.#assignAll();
      } catch (error) {
        const { clock, reportError } = this.#context;
        this.#retry?.cancel();
        this.#retry = clock.schedule(RETRY_MS, () => this.#plan());
        reportError(error);
      }
    });
  }

  #assignAll(): void {
    this.#firsts.clear();
    while (this.#running && this.#dependencies.hasCapacity()) {
      const next = this.#next();
      if (next === undefined) return;
      this.#firsts.delete(next.job_id);
      this.#assign(next.id);
    }
  }

  /** The next run of all marked jobs; unmarks the jobs that have none. */
  #next(): Candidate | undefined {
    let best: Candidate | undefined;
    for (const jobId of this.#awake) {
      const first = this.#firsts.get(jobId) ?? this.#firstOf(jobId);
      if (first === undefined) {
        this.#awake.delete(jobId);
        continue;
      }
      this.#firsts.set(jobId, first);
      if (best === undefined || isBefore(first, best)) best = first;
    }
    return best;
  }

  #firstOf(jobId: string): Candidate | undefined {
    const { clock } = this.#context;
    const { jobs, limits, store } = this.#dependencies;
    const job = jobs.find(jobId);
    if (job === undefined || limits.isFull(job)) return undefined;
    return limits.first(store.readyToPush(jobId, clock.now()));
  }

  #assign(runId: string): void {
    const { database, events } = this.#context;
    const { runs, jobs, circuits } = this.#dependencies;
    database.transaction(() => {
      const run = runs.find(runId);
      const start = run && jobs.ofRunAtStart(run);
      if (run?.status !== "queued" || start === undefined) return;
      const { job, version } = start;
      const endpoint_url = endpointOf(job);
      const openUntil = circuits.openUntil({ project_id: job.project_id, endpoint_url });
      if (openUntil !== undefined) {
        this.#putOff(run, endpoint_url, openUntil);
        return;
      }
      const change = { ...version, error: null, error_class: null, snooze_count: 0 };
      const started = runs.transition(run, "executing", change, { job });
      events.emit("run:dispatched", { run: started, job, endpoint_url });
    });
  }

  #putOff(run: RunRow, endpointUrl: string, until: number): void {
    const { runs } = this.#dependencies;
    const snooze_count = run.snooze_count + 1;
    const error = `circuit breaker is open for ${endpointUrl}`;
    if (snooze_count > MAX_SNOOZES) {
      const dequeued = runs.transition(run, "dequeued");
      runs.transition(dequeued, "system_failed", { snooze_count, error: `snoozed too often: ${error}` });
      return;
    }
    const postponed = runs.update(run, { snooze_count, error, next_retry_at: until });
    this.#context.events.emit("run:rescheduled", { run: postponed });
  }
}

/** Where runs of the job go; jobs in `http` mode always have one. */
function endpointOf(job: StoredJob): string {
  return job.definition.endpoint_url ?? "";
}

function isBefore(left: Candidate, right: Candidate): boolean {
  return left.priority === right.priority ? left.sequence < right.sequence : left.priority > right.priority;
}
