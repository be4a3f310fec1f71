import type { OpikContext } from "../../context.ts";
import { type JobChange, type JobRow, toJob } from "./row.ts";
import type { Job, JobStatus } from "./schema.ts";
import { JOB_STATES } from "./state-machine.ts";
import type { JobStore } from "./store.ts";

/** Creates jobs and changes their status, and emits an event for each change. All of it needs an open transaction. */
export class JobStates {
  readonly #context: OpikContext;
  readonly #store: JobStore;

  constructor(context: OpikContext, store: JobStore) {
    this.#context = context;
    this.#store = store;
  }

  add(row: JobRow): void {
    this.#context.database.requireTransaction();
    this.#store.insert(row);
    this.#emitChange(row);
  }

  /** Sets the oldest pending job of a runner running. */
  claim(runnerId: string, startedAt: number): Job | undefined {
    this.#context.database.requireTransaction();
    const row = this.#store.claim(runnerId, startedAt);
    return row && this.#emitChange(row, "pending");
  }

  /** @throws Error for a change of status that the table of transitions does not allow */
  move(row: JobRow, change: JobChange & { status: JobStatus }): void {
    this.#context.database.requireTransaction();
    JOB_STATES.requireMove(row.status, change.status);
    const next = { ...row, ...change };
    this.#store.update(next);
    this.#emitChange(next, row.status);
  }

  #emitChange(row: JobRow, from?: JobStatus): Job {
    const job = toJob(row);
    this.#context.events.emit("job:status:changed", { job, ...(from === undefined ? {} : { from }) });
    return job;
  }
}
