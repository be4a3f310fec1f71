import type { LongList } from "../../../core/long-list.ts";
import type { Owner } from "../../access/owner.ts";
import { OpikError } from "../../wire/errors.ts";
import type { RunnerService } from "../service.ts";
import { type JobRow, toJob } from "./row.ts";
import type { Job, JobPage, JobStatus, LogEntry } from "./schema.ts";
import type { JobStore } from "./store.ts";

/** How jobs and their logs are read and listed. */
export class JobReader {
  protected readonly store: JobStore;
  protected readonly runners: RunnerService;

  protected constructor(store: JobStore, runners: RunnerService) {
    this.store = store;
    this.runners = runners;
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): Job {
    return toJob(this.require(owner, id));
  }

  /** One page of a runner's jobs, newest first. `page` counts from 0. */
  list(
    owner: Owner,
    runnerId: string,
    filter: { project_id: string | undefined; page: number; size: number },
  ): JobPage {
    this.runners.require(owner, runnerId);
    const { page, size } = filter;
    const { total, rows } = this.store.page(runnerId, filter.project_id, size, page * size);
    return { page, size, total, content: rows.map(toJob) };
  }

  /** Log entries from `offset` on, in the order they arrived. */
  logs(owner: Owner, id: string, offset: number): LongList<LogEntry> {
    return this.store.logs(this.require(owner, id).id, offset);
  }

  /** All jobs of all runners, also of runners that are gone, in the order in which they were created. */
  all(): Job[] {
    return [...this.each()];
  }

  /** The same, read when they are needed. */
  each(): LongList<Job> {
    return this.store.all().map(toJob);
  }

  /** The jobs of a runner that have not ended, in the order of its queue. */
  unfinishedOf(runnerId: string): Job[] {
    return this.store.unfinished(runnerId).map(toJob);
  }

  /** Finds the job of any owner. */
  find(id: string): Job | undefined {
    const row = this.store.find(id);
    return row && toJob(row);
  }

  /** The same as it is stored. */
  findRow(id: string): JobRow | undefined {
    return this.store.find(id);
  }

  /** Returns all log entries of a job of any owner. */
  logsOf(id: string): LogEntry[] {
    return [...this.store.logs(id, 0)];
  }

  /** How many jobs each runner has in each status that occurs. */
  countByStatus(): Array<{ runner_id: string; status: JobStatus; count: number }> {
    return this.store.countByStatus();
  }

  /** @throws OpikError 404 */
  protected require(owner: Owner, id: string): JobRow {
    const row = this.store.find(id);
    // A job whose runner is gone does not exist for clients [opik 2.10].
    const visible =
      row !== undefined && row.workspace === owner.workspace && this.runners.find(owner, row.runner_id) !== undefined;
    if (visible) return row;
    const error = OpikError.message(404, `Job not found: '${id}'`);
    if (row?.workspace === owner.workspace) {
      error.notice = `Job ${id} is answered with 404: its runner is gone, and a real Opik does the same`;
    }
    throw error;
  }
}
