import type { EventBus } from "../../../core/events.ts";
import type { OpikEvents } from "../../events.ts";
import { toJob } from "./row.ts";
import type { Job, JobStatus } from "./schema.ts";
import type { JobRow, JobState, JobStore } from "./store.ts";

/** The only place where jobs are made and change their status: what is written here is also told. Runs in transactions. */
export class JobStates {
  readonly #store: JobStore;
  readonly #events: EventBus<OpikEvents>;

  constructor(options: { store: JobStore; events: EventBus<OpikEvents> }) {
    this.#store = options.store;
    this.#events = options.events;
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
    this.#events.emit("job:status:changed", { job, ...(from === undefined ? {} : { from }) });
    return job;
  }
}
