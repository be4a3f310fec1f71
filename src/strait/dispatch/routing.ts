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

/** The kind of executor of a run. */
type Route = Pick<RunRow, "execution_mode" | "queue_name">;

/**
 * Keeps queued runs where the version of their job that they will execute with says that they wait: to be pushed, or
 * in a queue of workers. The real server looks at the version only when it has the run in its hands; here workers
 * ask for runs, so a run must be in their queue before.
 */
export class Routing implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: RoutingDependencies;

  constructor(context: StraitContext, dependencies: RoutingDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    const { events } = context;
    const { runs } = dependencies;
    events.on("run:status:changed", ({ run: { id, status } }) => {
      const run = status === "queued" ? runs.find(id) : undefined;
      if (run !== undefined) this.#route(run);
    });
    events.on("run:job:changed", ({ job }) => this.#routeAll(job.id));
  }

  /** Looks at the runs that were queued when the server ended. */
  start(): void {
    for (const jobId of this.#dependencies.store.jobsWithQueued()) this.#routeAll(jobId);
  }

  /** A job may call its runs back, too: one that `latest` has moved goes home when the job pins it again. */
  #routeAll(jobId: string): void {
    const { store, runs } = this.#dependencies;
    for (const place of store.queuedPlaces(jobId)) {
      if (this.#elsewhere({ job_id: jobId, ...place }) === undefined) continue;
      for (const id of store.queuedAt(jobId, place)) {
        const run = runs.find(id);
        if (run !== undefined) this.#route(run);
      }
    }
  }

  #route(run: RunRow): void {
    const { database } = this.#context;
    const { runs, onReady } = this.#dependencies;
    const route = run.status === "queued" ? this.#elsewhere(run) : undefined;
    if (route !== undefined) onReady(database.transaction(() => runs.update(run, route)));
  }

  /** Where runs that wait at this place belong, if it is another. */
  #elsewhere(place: QueuedPlace & Pick<RunRow, "job_id">): Route | undefined {
    const job = this.#dependencies.jobs.ofRunAtStart(place);
    if (job === undefined) return undefined;
    const route = { execution_mode: executionModeOf(job.definition), queue_name: queueOf(job.definition) };
    const isThere = place.execution_mode === route.execution_mode && place.queue_name === route.queue_name;
    return isThere ? undefined : route;
  }
}
