import type { StoredJob } from "../definitions/jobs/job.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import type { Candidate, DispatchStore } from "./store.ts";

/** How many runs of a job, and of one key of it, may execute at once. */
export class ConcurrencyLimits {
  readonly #store: DispatchStore;
  readonly #jobs: JobService;

  constructor(options: { store: DispatchStore; jobs: JobService }) {
    this.#store = options.store;
    this.#jobs = options.jobs;
  }

  /** Whether as many of the job's runs execute as may. */
  isFull({ id, definition }: StoredJob): boolean {
    const most = definition.max_concurrency;
    return Boolean(most) && this.#store.countExecuting(id) >= Number(most);
  }

  /** The first of the candidates that may execute now. */
  first(candidates: Iterable<Candidate>): Candidate | undefined {
    const open = new Map<string, boolean>();
    const remembered = (key: string, look: () => boolean): boolean => {
      const known = open.get(key) ?? look();
      open.set(key, known);
      return known;
    };
    for (const candidate of candidates) {
      const { job_id, concurrency_key } = candidate;
      const jobIsOpen = remembered(job_id, () => {
        const job = this.#jobs.find(job_id);
        return job !== undefined && !this.isFull(job);
      });
      if (!jobIsOpen) continue;
      if (concurrency_key === null) return candidate;
      if (remembered(`${job_id} ${concurrency_key}`, () => !this.#isKeyFull(job_id, concurrency_key))) return candidate;
    }
    return undefined;
  }

  #isKeyFull(jobId: string, key: string): boolean {
    const most = this.#jobs.find(jobId)?.definition.max_concurrency_per_key;
    return Boolean(most) && this.#store.countExecutingOfKey(jobId, key) >= Number(most);
  }
}
