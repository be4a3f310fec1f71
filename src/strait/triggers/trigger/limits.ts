import type { StraitContext } from "../../context.ts";
import type { StoredJob } from "../../definitions/jobs/job.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";

export interface TriggerLimitsDependencies {
  runs: RunService;
}

const RETRY_AFTER_SECONDS = 5;

/** The limits of runs that are created: the queue of a project, and the rate of a job [strait 4.2]. */
export class TriggerLimits {
  readonly #context: StraitContext;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: TriggerLimitsDependencies) {
    this.#context = context;
    this.#runs = dependencies.runs;
  }

  /** @throws StraitError 429 when no run of the job may be created now */
  require(job: StoredJob): void {
    this.#runs.requireQueueBelowLimit(job.project_id);
    if (!this.#isRateReached(job)) return;
    throw new StraitError(429, "job rate limit exceeded", {
      details: [`retry_after_seconds=${RETRY_AFTER_SECONDS}`],
      headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
    });
  }

  /** Whether no run of the job may be created now. */
  isReached(job: StoredJob): boolean {
    return this.#runs.isQueueFull(job.project_id) || this.#isRateReached(job);
  }

  #isRateReached({ id, definition: { rate_limit_max, rate_limit_window_secs } }: StoredJob): boolean {
    if (!rate_limit_max || !rate_limit_window_secs) return false;
    const since = this.#context.clock.now() - rate_limit_window_secs * 1_000;
    return this.#runs.countCreatedSince(id, since) >= rate_limit_max;
  }
}
