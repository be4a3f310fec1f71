import type { EventBus } from "../../core/events.ts";
import type { Database } from "../../database/database.ts";
import type { RunsEvents } from "../events.ts";
import { executionModeOf, queueOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { RunRow } from "../runs/run.ts";
import type { RunService } from "../runs/service.ts";
import type { DispatchStore } from "./store.ts";

export interface RoutingOptions {
  database: Database;
  events: EventBus<RunsEvents>;
  store: DispatchStore;
  runs: RunService;
  jobs: JobService;
  /** A queued run waits for other executors now. */
  onReady: (run: RunRow) => void;
}

/**
 * Keeps queued runs where the version of their job that they will execute with says that they wait: to be pushed, or
 * in a queue of workers. The real server looks at the version only when it has the run in its hands; here workers
 * ask for runs, so a run must be in their queue before.
 */
export class Routing {
  readonly #options: RoutingOptions;

  constructor(options: RoutingOptions) {
    this.#options = options;
    const { events } = options;
    events.on("run:created", ({ run }) => {
      // One that was held back may have been planned at an older version; without a version it is as new as can be.
      if (run.status === "queued" && run.job_version > 0) this.#route(run.id);
    });
    events.on("run:status:changed", ({ run }) => {
      if (run.status === "queued") this.#route(run.id);
    });
    events.on("run:job:changed", ({ job }) => this.#routeAll(job.id));
  }

  /** Looks at the runs that were queued when the server ended. */
  start(): void {
    for (const jobId of this.#options.store.jobsWithQueued()) this.#routeAll(jobId);
  }

  #routeAll(jobId: string): void {
    const { jobs, store } = this.#options;
    const definition = jobs.find(jobId)?.definition;
    if (definition === undefined) return;
    for (const id of store.queuedElsewhere(jobId, executionModeOf(definition), queueOf(definition))) this.#route(id);
  }

  #route(runId: string): void {
    const { database, runs, jobs, onReady } = this.#options;
    const run = runs.find(runId);
    if (run?.status !== "queued" || !jobs.decidesAnew(run)) return;
    const job = jobs.ofRunAtStart(run);
    if (job === undefined) return;
    const route = { execution_mode: executionModeOf(job.definition), queue_name: queueOf(job.definition) };
    if (run.execution_mode === route.execution_mode && run.queue_name === route.queue_name) return;
    onReady(database.transaction(() => runs.update(run, route)));
  }
}
