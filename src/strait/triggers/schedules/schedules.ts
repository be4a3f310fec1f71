import type { Background } from "../../../core/background.ts";
import { Deadlines } from "../../../core/deadlines.ts";
import type { StraitContext } from "../../context.ts";
import { isTimezone, nextFiring } from "../../definitions/jobs/cron.ts";
import { placeOf, type StoredJob } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import { type NewRun, writeMap } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { isTerminal } from "../../run/state-machine.ts";
import { secondsAfter } from "../../wire/time.ts";
import { TriggerLimits } from "../trigger/limits.ts";

export interface SchedulesDependencies {
  runs: RunService;
  jobs: JobService;
}

const MINUTE_MS = 60_000;

/**
 * Creates the runs of jobs with a `cron` schedule (`cron.go` of the real server); over a limit of the job or project none.
 * Firings that were missed while the server was down are not made up for, so that a computer that was asleep over a weekend
 * does not start many runs at once.
 */
export class Schedules implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: SchedulesDependencies;
  readonly #limits: TriggerLimits;
  readonly #deadlines: Deadlines;
  /** The time of the last firing by job: no time fires twice when the computer's clock is set back. */
  readonly #fired = new Map<string, number>();

  constructor(context: StraitContext, dependencies: SchedulesDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#limits = new TriggerLimits(context, dependencies);
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
    const { database, clock } = this.#context;
    const { jobs, runs } = this.#dependencies;
    this.#fired.set(jobId, clock.now());
    const job = jobs.find(jobId);
    if (job === undefined) return;
    // First the next time, so that a run that cannot be made does not end the schedule.
    this.follow(job);
    if (this.#limits.isReached(job)) return;
    database.transaction(() => {
      const { cron_overlap_policy: policy } = job.definition;
      if (policy === "skip" && runs.countUnfinished(jobId) > 0) return;
      const replaced = policy === "cancel_running" ? runs.unfinishedOf(jobId) : [];
      runs.create(this.#planRun(job));
      for (const id of replaced) this.#cancel(id);
    });
  }

  /** A run without a payload and metadata, which expires only when the job or the server says so. */
  #planRun(job: StoredJob): NewRun {
    const { clock, config } = this.#context;
    const { definition, version, version_id } = job;
    const now = clock.now();
    const ttlSeconds = definition.run_ttl_secs || config.runDefaultTtlSeconds;
    return {
      ...placeOf(job),
      triggered_by: "cron",
      created_by: "system:cron",
      tags_json: writeMap(definition.tags),
      job_version: version,
      job_version_id: version_id,
      idempotency_key: `cron:job:${job.id}:${Math.floor(now / MINUTE_MS) * 60}`,
      expires_at: ttlSeconds ? secondsAfter(now, ttlSeconds) : null,
    };
  }

  /** Cancels a run that another one replaces, and the runs that it has spawned. */
  #cancel(runId: string): void {
    const { runs } = this.#dependencies;
    const run = runs.find(runId);
    if (run === undefined || isTerminal(run.status)) return;
    runs.transition(run, "canceled", { error: "canceled by cron overlap policy: cancel_running" });
    for (const child of runs.unfinishedChildren(runId)) {
      runs.transition(child, "canceled", { error: "parent canceled by cron overlap policy" });
    }
  }
}
