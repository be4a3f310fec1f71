import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { RestoreConflict, type RestoreOutcome } from "../../wire/restore.ts";
import { toRow } from "./row.ts";
import type { Job, LogEntry } from "./schema.ts";
import type { JobService } from "./service.ts";

export interface JobRestorerDependencies {
  jobs: JobService;
}

/** Restores jobs of fixtures. */
export class JobRestorer {
  readonly #context: OpikContext;
  readonly #jobs: JobService;

  constructor(context: OpikContext, dependencies: JobRestorerDependencies) {
    this.#context = context;
    this.#jobs = dependencies.jobs;
  }

  /**
   * Restores a job at the end of the queue, also when the queue is full. An existing job is not changed, because its
   * state may have moved on.
   * @throws RestoreConflict when the id belongs to a job of another runner
   */
  restore(owner: Owner, job: Job, logs: readonly LogEntry[]): RestoreOutcome {
    return this.#context.database.transaction(() => {
      const existing = this.#jobs.find(job.id);
      if (existing !== undefined && existing.runner_id !== job.runner_id)
        throw new RestoreConflict(`the id ${job.id} belongs to a job of another runner`);
      if (existing !== undefined) return "unchanged";
      const row = toRow(owner, job);
      this.#jobs.add(row);
      if (logs.length > 0) this.#jobs.addLogs(row, logs);
      return "added";
    });
  }
}
