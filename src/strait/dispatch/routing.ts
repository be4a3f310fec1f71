import type { Background } from "../../core/background.ts";
import type { StraitContext } from "../context.ts";
import { executionModeOf, queueOf } from "../definitions/jobs/job.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { RunRow } from "../run/run.ts";
import type { RunService } from "../run/service.ts";
import type { DispatchStore, QueuedPlace } from "./store.ts";

export interface RoutingDependencies {
  store: DispatchStore;
  runs: RunService;
  jobs: JobService;
  /** A queued run waits for other executors now. */
  onReady: (run: RunRow) => void;
}

/** The kind of executor that a run waits for. */
type Route = Pick<RunRow, "execution_mode" | "queue_name">;

/**
 * Routes queued runs as the version of their job with which they will execute says: to be pushed, or
 * to a queue of workers. The real server reads the version only when it dispatches the run; here workers
 * poll for runs, so a run must be in their queue before.
 */
export class Routing implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: RoutingDependencies;

  constructor(context: StraitContext, dependencies: RoutingDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Routes the runs that were queued when the server ended. */
  start(): void {
    for (const jobId of this.#dependencies.store.jobsWithQueued()) this.routeAll(jobId);
  }

  /** Routes a run that has another status now. */
  follow(run: RunRow): void {
    if (run.status === "queued" && this.#elsewhere(run) !== undefined) this.#route(run.id);
  }

  /**
   * Routes the queued runs of a job that has changed. Runs may also come back: one that `latest` has moved does when
   * the job pins it again.
   */
  routeAll(jobId: string): void {
    const { store } = this.#dependencies;
    for (const place of store.queuedPlaces(jobId)) {
      if (this.#elsewhere({ job_id: jobId, ...place }) === undefined) continue;
      for (const id of store.queuedAt(jobId, place)) this.#route(id);
    }
  }

  #route(id: string): void {
    const { database } = this.#context;
    const { runs, onReady } = this.#dependencies;
    const routed = database.transaction(() => {
      const run = runs.find(id);
      const route = run?.status === "queued" ? this.#elsewhere(run) : undefined;
      return run && route && runs.update(run, route);
    });
    if (routed !== undefined) onReady(routed);
  }

  /** The place to which runs of this place must move, if it is another. */
  #elsewhere(place: QueuedPlace & Pick<RunRow, "job_id">): Route | undefined {
    const start = this.#dependencies.jobs.ofRunAtStart(place);
    if (start === undefined) return undefined;
    const { definition } = start.job;
    const route = { execution_mode: executionModeOf(definition), queue_name: queueOf(definition) };
    const isThere = place.execution_mode === route.execution_mode && place.queue_name === route.queue_name;
    return isThere ? undefined : route;
  }
}
