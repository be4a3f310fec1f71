import { LongList } from "../../../core/long-list.ts";
import { type Block, placeOf, totalOf } from "../../../database/blocks.ts";
import type { Database } from "../../../database/database.ts";
import { bytesOf, rowsInParts, type SizedRow, tableInParts } from "../../../database/rows-in-parts.ts";
import { type Order, Search } from "../../../database/search.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { equals } from "../../../database/sql.ts";
import { type LogSize, sizeOfEntry } from "./log-limit.ts";
import { type JobRow, JOBS } from "./row.ts";
import type { JobStatus, LogEntry } from "./schema.ts";

/** The number of log entries that are read at once. */
const LOGS_AT_ONCE = 1_000;

const LARGE_COLUMNS = ["inputs_json", "result_json", "error", "prompt_masks_json", "metadata_json"];

/** How many sequence numbers a row of `job_blocks` counts. */
const JOBS_OF_BLOCK = 1_000;

const NEWEST: Order = { columns: ["sequence"], descending: true };

/** The SQL of jobs and their logs. */
export class JobStore {
  readonly #insert;
  readonly #find;
  readonly #claim;
  readonly #update;
  readonly #unacknowledged;
  readonly #acknowledge;
  readonly #hasPending;
  readonly #countPending;
  readonly #unfinished;
  readonly #overdue;
  readonly #all;
  readonly #countByStatus;
  readonly #page: Search<SizedRow>;
  readonly #blocks: Search<Block>;
  readonly #deleteCompleted;
  readonly #lastLog;
  readonly #insertLog;
  readonly #logs;

  constructor(database: Database) {
    this.#insert = JOBS.insert(database);
    this.#find = database.prepare<[string], JobRow>(`SELECT ${JOBS.list} FROM jobs WHERE id = ?`);
    this.#claim = database.prepare<[number, string], JobRow>(
      `UPDATE jobs SET status = 'running', started_at = +?, unacknowledged = 1 WHERE sequence =
       (SELECT sequence FROM jobs WHERE runner_id = +? AND status = 'pending' ORDER BY sequence LIMIT 1) RETURNING ${JOBS.list}`,
    );
    this.#update = database.prepare<[JobRow]>(`UPDATE jobs SET ${JOBS.assignments}, unacknowledged = 0 WHERE id = :id`);
    this.#unacknowledged = database.prepare<[], JobRow>(
      `SELECT ${JOBS.list} FROM jobs INDEXED BY jobs_running
       WHERE status = 'running' AND unacknowledged = 1 ORDER BY sequence`,
    );
    this.#acknowledge = database.prepare<[string]>(
      "UPDATE jobs SET unacknowledged = 0 WHERE id IN (SELECT value FROM json_each(?)) AND unacknowledged = 1",
    );
    this.#hasPending = database
      .prepare<[string], 0 | 1>("SELECT EXISTS (SELECT 1 FROM jobs WHERE runner_id = ? AND status = 'pending')")
      .pluck();
    this.#countPending = database
      .prepare<[string], number>("SELECT count(*) FROM jobs WHERE runner_id = ? AND status = 'pending'")
      .pluck();
    this.#unfinished = database.prepare<[string], JobRow>(
      `SELECT ${JOBS.list} FROM jobs WHERE runner_id = +? AND status IN ('pending', 'running') ORDER BY sequence`,
    );
    // better-sqlite3 binds every number as a REAL: without the cast, parts of a second would count.
    this.#overdue = database.prepare<[number], JobRow>(
      `SELECT ${JOBS.list} FROM jobs WHERE status = 'running' AND CAST(? - started_at AS INTEGER) / 1000 > timeout_seconds`,
    );
    this.#all = tableInParts(database, { table: "jobs", large: LARGE_COLUMNS }, (id) => this.find(id));
    this.#countByStatus = database.prepare<[], { runner_id: string; status: JobStatus; count: number }>(
      "SELECT runner_id, status, count FROM job_counts WHERE count > 0",
    );
    this.#page = new Search(database, `id, ${bytesOf(LARGE_COLUMNS)} AS bytes`, "jobs");
    this.#blocks = new Search(database, "block, count", "job_blocks");
    this.#deleteCompleted = new SlicedDeletion(database, {
      table: "jobs",
      key: ["sequence"],
      condition: "completed_at < +:time",
      order: "completed_at",
    });
    this.#lastLog = database.prepare<[string], { position: number; bytes_so_far: number; beginning: string }>(
      "SELECT position, bytes_so_far, substr(text, 1, 100) AS beginning FROM job_logs WHERE job_id = +? ORDER BY position DESC LIMIT 1",
    );
    this.#insertLog = database.prepare<[string, number, string, string, number]>(
      "INSERT INTO job_logs (job_id, position, stream, text, bytes_so_far) VALUES (?, ?, ?, ?, ?)",
    );
    this.#logs = database.prepare<[string, number, number], LogEntry>(
      "SELECT stream, text FROM job_logs WHERE job_id = +? AND position >= +? ORDER BY position LIMIT +?",
    );
  }

  insert(row: JobRow): void {
    this.#insert.run(row);
  }

  find(id: string): JobRow | undefined {
    return this.#find.get(id);
  }

  /** Sets the oldest pending job of a runner running, not acknowledged yet, and returns it. */
  claim(runnerId: string, startedAt: number): JobRow | undefined {
    return this.#claim.get(startedAt, runnerId);
  }

  /** Writes what has changed of a job; it counts as acknowledged from then on. */
  update(row: JobRow): void {
    this.#update.run(row);
  }

  /** Running jobs that no client has acknowledged, oldest first. */
  unacknowledged(): JobRow[] {
    return this.#unacknowledged.all();
  }

  /** Clears the marks of these jobs, whose assignments are acknowledged. */
  acknowledge(ids: readonly string[]): void {
    this.#acknowledge.run(JSON.stringify(ids));
  }

  hasPending(runnerId: string): boolean {
    return this.#hasPending.get(runnerId) === 1;
  }

  countPending(runnerId: string): number {
    return this.#countPending.get(runnerId) ?? 0;
  }

  /** Pending and running jobs of a runner, oldest first. */
  unfinished(runnerId: string): JobRow[] {
    return this.#unfinished.all(runnerId);
  }

  /** Running jobs whose whole seconds of running are more than their time-out. */
  overdue(now: number): JobRow[] {
    return this.#overdue.all(now);
  }

  /** All jobs of all runners, in the order in which they were created. */
  all(): LongList<JobRow> {
    return this.#all;
  }

  /** How many jobs each runner has in each status that occurs. */
  countByStatus(): Array<{ runner_id: string; status: JobStatus; count: number }> {
    return this.#countByStatus.all();
  }

  /** Newest first; the rows are read when they are needed. */
  page(
    runnerId: string,
    projectId: string | undefined,
    limit: number,
    offset: number,
  ): { total: number; rows: LongList<JobRow> } {
    const where = [equals("runner_id", runnerId), equals("project_id", projectId)];
    const blocks = this.#blocks.where(where);
    const place = placeOf(blocks, offset);
    const after = place && [(place.block + 1) * JOBS_OF_BLOCK];
    const rows = place === undefined ? [] : this.#page.page({ where, order: NEWEST, after, offset: place.skip, limit });
    return { total: totalOf(blocks), rows: rowsInParts(rows, (id) => this.find(id)) };
  }

  /** Deletes jobs that ended before `time`, with all that belongs to them. */
  deleteCompleted(time: number): boolean {
    return this.#deleteCompleted.run(time);
  }

  /** The size of a job's log. */
  logSize(jobId: string): LogSize {
    const last = this.#lastLog.get(jobId);
    if (last === undefined) return { entries: 0, bytes: 0, lastText: "" };
    return { entries: last.position + 1, bytes: last.bytes_so_far, lastText: last.beginning };
  }

  /** Adds log entries behind `existing` ones. */
  appendLogs(jobId: string, entries: readonly LogEntry[], existing: LogSize): void {
    let { bytes } = existing;
    for (const [index, entry] of entries.entries()) {
      bytes += sizeOfEntry(entry);
      this.#insertLog.run(jobId, existing.entries + index, entry.stream, entry.text, bytes);
    }
  }

  /** Log entries from `offset` on, which are read when they are needed. */
  logs(jobId: string, offset: number): LongList<LogEntry> {
    const read = (from: number): LogEntry[] => this.#logs.all(jobId, from, LOGS_AT_ONCE);
    return new LongList(function* () {
      let from = offset;
      let entries: LogEntry[];
      do {
        entries = read(from);
        from += entries.length;
        yield entries;
      } while (entries.length === LOGS_AT_ONCE);
    });
  }
}
