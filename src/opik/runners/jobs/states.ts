import type { OpikContext } from "../../context.ts";
import { toJob } from "./row.ts";
import type { Job, JobStatus } from "./schema.ts";
import type { JobRow, JobState, JobStore } from "./store.ts";

/** Creates jobs and changes their status, and emits an event for each change. Call it inside a transaction. */
export class JobStates {
  readonly #context: OpikContext;
  readonly #store: JobStore;

  constructor(context: OpikContext, store: JobStore) {
    this.#context = context;
    this.#store = store;
  }

  add(row: JobRow): void {
    this.#store.insert(row);
    this.#tell(row);
  }

  /** Sets the oldest pending job of a runner running. */
  claim(runnerId: string, startedAt: number): Job | undefined {
    const row = this.#store.claim(runnerId, startedAt);
    return row && this.#tell(row, "pending");
  }

  move(row: JobRow, change: Partial<JobState>): void {
    const next = { ...row, ...change };
    this.#store.update(next);
    this.#tell(next, row.status);
  }

  #tell(row: JobRow, from?: JobStatus): Job {
    const job = toJob(row);
    this.#context.events.emit("job:status:changed", { job, ...(from === undefined ? {} : { from }) });
    return job;
  }
}
