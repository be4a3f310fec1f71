import { attempt } from "../../core/attempt.ts";
import type { Background } from "../../core/background.ts";
import { Deadlines } from "../../core/deadlines.ts";
import type { StraitContext } from "../context.ts";
import { type StoredJob, timeoutSecondsOf } from "../definitions/jobs/job.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { RunRow } from "../run/run.ts";
import type { RunService } from "../run/service.ts";
import type { DispatchStore } from "./store.ts";

export interface RunTimersDependencies {
  store: DispatchStore;
  runs: RunService;
  jobs: JobService;
  /** Called when a queued run may be dispatched. */
  onReady: (run: RunRow) => void;
  /** Called when an executing run has reached its time-out. */
  onTimedOut: (run: RunRow) => void;
}

/** The timers of runs: for the start of delayed runs, for retries and for time-outs. */
export class RunTimers implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: RunTimersDependencies;
  readonly #deadlines: Deadlines;
  #stopListening: () => void = () => {};

  constructor(context: StraitContext, dependencies: RunTimersDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    const { clock, reportError } = context;
    this.#deadlines = new Deadlines({ clock, onError: reportError, onDue: (runId) => this.#meet(runId) });
  }

  /** Sets the timers of all runs. */
  start(): void {
    const { clock, reportError } = this.#context;
    const { runs, store } = this.#dependencies;
    this.#stopListening = clock.onJump((missedMs) => attempt(() => runs.postponeExpiries(missedMs), reportError));
    for (const runId of store.timed()) {
      const run = runs.find(runId);
      if (run !== undefined) this.follow(run);
    }
  }

  /** Forgets all timers. */
  stop(): void {
    this.#stopListening();
    this.#deadlines.forgetAll();
  }

  /**
   * Sets the timer of a run that was made or has changed.
   * @param job the run's at its version, if it was read
   */
  follow(run: RunRow, job?: StoredJob): void {
    const dueAt = this.#dueAt(run, job);
    if (dueAt === undefined) this.#deadlines.forget(run.id);
    else this.#deadlines.set(run.id, dueAt);
  }

  #dueAt(run: RunRow, given?: StoredJob): number | undefined {
    if (run.status === "delayed") return run.scheduled_at ?? undefined;
    if (run.status === "queued") return run.next_retry_at ?? undefined;
    if (run.status !== "executing" || run.started_at === null) return undefined;
    const job = given ?? this.#dependencies.jobs.ofRun(run);
    const seconds = run.timeout_secs_override ?? (job && timeoutSecondsOf(job.definition));
    return seconds === undefined ? undefined : run.started_at + seconds * 1_000;
  }

  #meet(runId: string): void {
    const { clock } = this.#context;
    const { runs, onReady, onTimedOut } = this.#dependencies;
    const run = runs.find(runId);
    const dueAt = run && this.#dueAt(run);
    if (run === undefined || dueAt === undefined) return;
    // The time-out of a run without a version may have changed since the timer was set.
    if (dueAt > clock.now()) this.#deadlines.set(runId, dueAt);
    else if (run.status === "delayed") runs.transition(run, "queued");
    else if (run.status === "queued") onReady(run);
    else onTimedOut(run);
  }
}
