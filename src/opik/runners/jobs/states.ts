import type { OpikContext } from "../../context.ts";
import type { JobChange, JobRow } from "./row.ts";
import type { JobStatus } from "./schema.ts";
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
  claim(runnerId: string, startedAt: number): JobRow | undefined {
    this.#context.database.requireTransaction();
    const row = this.#store.claim(runnerId, startedAt);
    if (row !== undefined) this.#emitChange(row, "pending");
    return row;
  }

  /** @throws Error for a change of status that the table of transitions does not allow */
  move(row: JobRow, change: JobChange & { status: JobStatus }): void {
    this.#context.database.requireTransaction();
    JOB_STATES.requireMove(row.status, change.status);
    const next = { ...row, ...change };
    this.#store.update(next);
    this.#emitChange(next, row.status);
  }

  #emitChange(job: JobRow, from?: JobStatus): void {
    this.#context.events.emit("job:status:changed", { job, ...(from === undefined ? {} : { from }) });
  }
}
