import type { Background } from "../../../core/background.ts";
import { Deadlines } from "../../../core/deadlines.ts";
import type { StraitContext } from "../../context.ts";
import { isTimezone, nextFiring } from "../../definitions/jobs/cron.ts";
import type { StoredJob } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { RunService } from "../../run/service.ts";
import { planRun } from "../trigger/plan.ts";

export interface SchedulesDependencies {
  runs: RunService;
  jobs: JobService;
}

/**
 * Creates the runs of jobs with a `cron` schedule. Firings that were missed while the server was down are not made up
 * for, so that a computer that was asleep over a weekend does not start many runs at once.
 */
export class Schedules implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: SchedulesDependencies;
  readonly #deadlines: Deadlines;
  /** The time of the last firing by job: no time fires twice when the computer's clock is set back. */
  readonly #fired = new Map<string, number>();

  constructor(context: StraitContext, dependencies: SchedulesDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    const { clock, reportError } = context;
    this.#deadlines = new Deadlines({ clock, onError: reportError, onDue: (jobId) => this.#fire(jobId) });
  }

  start(): void {
    for (const job of this.#dependencies.jobs.all()) this.follow(job);
  }

  /** Forgets all schedules. */
  stop(): void {
    this.#deadlines.forgetAll();
    this.#fired.clear();
  }

  /** Plans the next run of a job that was made or has changed. */
  follow(job: StoredJob): void {
    const next = this.#nextOf(job);
    if (next === undefined) this.#deadlines.forget(job.id);
    else this.#deadlines.set(job.id, next);
  }

  /** Plans no run of a job that was deleted. */
  forget(jobId: string): void {
    this.#deadlines.forget(jobId);
    this.#fired.delete(jobId);
  }

  #nextOf({ id, definition, paused_at }: StoredJob): number | undefined {
    const { cron, enabled, timezone } = definition;
    if (!cron || enabled === false || paused_at !== null) return undefined;
    if (timezone && !isTimezone(timezone)) {
      this.#context.events.emit("run:schedule:skipped", { job_id: id, slug: definition.slug, timezone });
    }
    const after = Math.max(this.#context.clock.now(), this.#fired.get(id) ?? 0);
    return nextFiring(cron, timezone, after);
  }

  #fire(jobId: string): void {
    const { database, clock, config } = this.#context;
    const { jobs, runs } = this.#dependencies;
    this.#fired.set(jobId, clock.now());
    const job = jobs.find(jobId);
    if (job === undefined) return;
    // First the next time, so that a run that cannot be made does not end the schedule.
    this.follow(job);
    database.transaction(() => {
      const unfinished = runs.unfinishedOf(jobId);
      const policy = job.definition.cron_overlap_policy || "allow";
      if (policy === "skip" && unfinished.length > 0) return;
      if (policy === "cancel_running") {
        for (const id of unfinished) this.#cancel(id);
      }
      const plan = planRun(job, NOTHING_ASKED, clock.now(), config.runDefaultTtlSeconds);
      runs.create({ ...plan.run, triggered_by: "cron" });
    });
  }

  #cancel(runId: string): void {
    const { runs } = this.#dependencies;
    const run = runs.find(runId);
    if (run !== undefined) runs.transition(run, "canceled", { error: "canceled by cron overlap policy" });
  }
}

/** Scheduled runs have the empty payload. */
const NOTHING_ASKED = {
  payload: undefined,
  tags: undefined,
  scheduled_at: undefined,
  priority: undefined,
  ttl_secs: undefined,
  concurrency_key: undefined,
};
