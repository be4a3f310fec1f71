import { exponentialDelayMs } from "../../core/backoff.ts";
import type { RawJson } from "../../core/json.ts";
import type { StraitContext } from "../context.ts";
import { maxAttemptsOf, priorityBoostOf } from "../definitions/jobs/job.ts";
import type { JobDefinition } from "../definitions/jobs/schema.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { AttemptStatus } from "../run/attempts/schema.ts";
import type { AttemptHistory } from "../run/attempts/service.ts";
import type { RunRow } from "../run/run.ts";
import type { ErrorClass, RunStatus } from "../run/schema.ts";
import type { RunService } from "../run/service.ts";
import { isRetryable } from "./error-class.ts";
import { retryDelayMs } from "./retry-delay.ts";

export interface AttemptServiceDependencies {
  runs: RunService;
  attemptHistory: AttemptHistory;
  jobs: JobService;
}

/** Why an attempt ended without a result. */
export interface AttemptFailure {
  error: string;
  errorClass: ErrorClass;
}

/** How an attempt failed, and the consequences for the run. */
interface Verdict extends AttemptFailure {
  /** The status of the attempt when the run is tried again. */
  ended: AttemptStatus;
  /** The error of the run while it waits for another attempt; default `error`. */
  errorOnRetry?: string;
  /** The status of the run when it is not tried again. */
  exhausted: RunStatus;
  delayMs: number;
}

const HIGHEST_PRIORITY = 10;

/** Ends attempts: with a result, with a retry, or with the end of the run [strait 5.2, 5.3]. */
export class AttemptService {
  readonly #context: StraitContext;
  readonly #dependencies: AttemptServiceDependencies;

  constructor(context: StraitContext, dependencies: AttemptServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Completes a run with its result. A run that does not execute any more is not changed. */
  complete(runId: string, result: RawJson | undefined): void {
    this.#whileExecuting(runId, (run) => {
      this.#dependencies.runs.transition(run, "completed", { result_json: result?.text ?? null });
    });
  }

  /** Fails an attempt. A run that does not execute any more is not changed. */
  fail(runId: string, failure: AttemptFailure): void {
    this.#whileExecuting(runId, (run, definition) => {
      const delayMs = retryDelayMs(definition, run.attempt, this.#context.ids);
      this.#settle(run, definition, { ...failure, ended: "failed", exhausted: "dead_letter", delayMs });
    });
  }

  /** Ends an attempt that took longer than its run's time-out. */
  timeOut(runId: string): void {
    this.#whileExecuting(runId, (run, definition) => {
      const delayMs = retryDelayMs(definition, run.attempt, this.#context.ids);
      this.#settle(run, definition, {
        error: "execution timed out",
        errorClass: "transient",
        ended: "timed_out",
        exhausted: "timed_out",
        delayMs,
      });
    });
  }

  /** Ends an attempt whose executor has sent no heartbeat for too long. */
  lose(runId: string): void {
    this.#whileExecuting(runId, (run, definition) => {
      this.#settle(run, definition, {
        error: "heartbeat lost",
        errorOnRetry: "heartbeat lost; retry scheduled",
        errorClass: "transient",
        ended: "crashed",
        exhausted: "crashed",
        delayMs: exponentialDelayMs(run.attempt),
      });
    });
  }

  #whileExecuting(runId: string, work: (run: RunRow, definition: JobDefinition) => void): void {
    const { database } = this.#context;
    const { runs, jobs } = this.#dependencies;
    database.transaction(() => {
      const run = runs.find(runId);
      const job = run && jobs.ofRun(run);
      if (run?.status === "executing" && job !== undefined) work(run, job.definition);
    });
  }

  #settle(run: RunRow, definition: JobDefinition, verdict: Verdict): void {
    const { clock } = this.#context;
    const { runs, attemptHistory } = this.#dependencies;
    const { error, errorClass } = verdict;
    const sameErrors = run.previous_error === error ? run.same_error_count + 1 : 1;
    const history = { error_class: errorClass, previous_error: error, same_error_count: sameErrors };
    const threshold = definition.poison_pill_threshold;
    if (threshold && sameErrors >= threshold) {
      const message = `poison pill detected (same error ${sameErrors} times): ${error}`;
      runs.transition(run, "dead_letter", { ...history, error: message });
      return;
    }
    const mostAttempts = run.max_attempts_override ?? maxAttemptsOf(definition);
    if (!isRetryable(errorClass) || run.attempt >= mostAttempts) {
      runs.transition(run, verdict.exhausted, { ...history, error });
      return;
    }
    attemptHistory.append(run, { status: verdict.ended, error, error_class: errorClass });
    runs.transition(run, "queued", {
      ...history,
      error: verdict.errorOnRetry ?? error,
      attempt: run.attempt + 1,
      next_retry_at: clock.now() + verdict.delayMs,
      priority: Math.min(HIGHEST_PRIORITY, run.priority + priorityBoostOf(definition)),
    });
  }
}
