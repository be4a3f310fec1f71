import type { Database } from "../../database/database.ts";
import { SlicedDeletion } from "../../database/sliced-deletion.ts";
import { type RunRow, RUNS } from "./run.ts";
import type { RunStatus } from "./state-machine.ts";
import { UNFINISHED } from "./unfinished.ts";

/** The number of runs of a job that one step deletes, with all that belongs to them. */
const MAX_DELETED_OF_JOB = 100;

/** How many runs of a job are in a status. */
export interface RunCount {
  job_id: string;
  status: RunStatus;
  count: number;
}

/** The SQL of runs. */
export class RunStore {
  readonly #insert;
  readonly #find;
  readonly #update;
  readonly #unacknowledged;
  readonly #acknowledge;
  readonly #children;
  readonly #descent;
  readonly #unfinishedChildren;
  readonly #unfinishedOf;
  readonly #deadLetterIds;
  readonly #countByStatus;
  readonly #countToStart;
  readonly #countUnfinished;
  readonly #countCreatedSince;
  readonly #byKey;
  readonly #byPayload;
  readonly #deleteEnded;
  readonly #deleteOfJob;
  readonly #postponeExpiries;

  constructor(database: Database) {
    const columns = RUNS.list;
    this.#insert = RUNS.insert(database);
    this.#find = database.prepare<[string], RunRow>(`SELECT ${columns} FROM executor_runs WHERE id = ?`);
    this.#update = RUNS.update(database);
    this.#unacknowledged = database.prepare<[], RunRow>(
      `SELECT ${columns} FROM executor_runs WHERE status IN ${UNFINISHED} AND unacknowledged = 1 ORDER BY sequence`,
    );
    this.#acknowledge = database.prepare<[string]>(
      `UPDATE executor_runs SET unacknowledged = 0
       WHERE id IN (SELECT value FROM json_each(?)) AND unacknowledged = 1`,
    );
    this.#children = database.prepare<[{ parent: string; time: number; id: string; limit: number }], RunRow>(
      `SELECT ${columns} FROM executor_runs WHERE parent_run_id = +:parent AND (created_at, id) > (:time, :id)
       ORDER BY created_at, id LIMIT +:limit`,
    );
    this.#descent = database.prepare<[{ id: string }], RunRow>(
      `WITH RECURSIVE
         up (id, continuation_of) AS (
           SELECT id, continuation_of FROM executor_runs WHERE id = +:id
           UNION SELECT r.id, r.continuation_of FROM executor_runs r JOIN up ON r.id = up.continuation_of),
         down (id) AS (
           SELECT id FROM up UNION SELECT r.id FROM executor_runs r JOIN down ON r.continuation_of = down.id)
       SELECT ${columns} FROM executor_runs WHERE id IN (SELECT id FROM down) ORDER BY lineage_depth, created_at, id`,
    );
    this.#unfinishedOf = database
      .prepare<[string], string>(
        `SELECT id FROM executor_runs WHERE job_id = +? AND status IN ${UNFINISHED} ORDER BY sequence`,
      )
      .pluck();
    this.#unfinishedChildren = database.prepare<[string], RunRow>(
      `SELECT ${columns} FROM executor_runs WHERE parent_run_id = +? AND status IN ${UNFINISHED} ORDER BY sequence`,
    );
    this.#deadLetterIds = database
      .prepare<[string, number], string>(
        `SELECT id FROM executor_runs WHERE project_id = +? AND status = 'dead_letter' ORDER BY created_at, id LIMIT +?`,
      )
      .pluck();
    this.#countByStatus = database.prepare<[], RunCount>(
      "SELECT job_id, status, count FROM executor_run_counts WHERE count > 0",
    );
    this.#countToStart = database
      .prepare<[string], number>(
        `SELECT count(*) FROM executor_runs INDEXED BY executor_runs_to_start
         WHERE project_id = ? AND status IN ('delayed', 'queued')`,
      )
      .pluck();
    this.#countUnfinished = database
      .prepare<[string], number>(
        `SELECT sum(count) FROM executor_run_counts WHERE job_id = ? AND status IN ${UNFINISHED}`,
      )
      .pluck();
    this.#countCreatedSince = database
      .prepare<[string, number], number>("SELECT count(*) FROM executor_runs WHERE job_id = ? AND created_at > ?")
      .pluck();
    this.#byKey = database.prepare<[string, string], RunRow>(
      `SELECT ${columns} FROM executor_runs WHERE job_id = +? AND idempotency_key = +? ORDER BY sequence DESC LIMIT 1`,
    );
    this.#byPayload = database.prepare<[string, string, number], RunRow>(
      `SELECT ${columns} FROM executor_runs WHERE job_id = +? AND payload_hash = +? AND created_at > +?
       ORDER BY created_at DESC, id DESC LIMIT 1`,
    );
    this.#deleteOfJob = database.prepare<[string, number]>(
      `DELETE FROM executor_runs WHERE sequence IN (SELECT sequence FROM executor_runs WHERE job_id = +? LIMIT +?)`,
    );
    this.#deleteEnded = new SlicedDeletion(database, {
      table: "executor_runs",
      key: ["sequence"],
      condition: `finished_at <= +:time AND status NOT IN ${UNFINISHED}`,
      order: "finished_at",
    });
    this.#postponeExpiries = database.prepare<[number]>(
      `UPDATE executor_runs SET expires_at = expires_at + ?
       WHERE status IN ('delayed', 'queued') AND started_at IS NULL AND expires_at IS NOT NULL`,
    );
  }

  /** @returns how many were deleted; some of a job's runs at once, and all that belongs to them */
  deleteOfJob(jobId: string): number {
    return this.#deleteOfJob.run(jobId, MAX_DELETED_OF_JOB).changes;
  }

  insert(row: RunRow): void {
    this.#insert.run(row);
  }

  find(id: string): RunRow | undefined {
    return this.#find.get(id);
  }

  update(row: RunRow): void {
    this.#update.run(row);
  }

  /** Runs that are assigned and that no worker has acknowledged, oldest first. */
  unacknowledged(): RunRow[] {
    return this.#unacknowledged.all();
  }

  /** Clears the marks of these runs, whose assignments are acknowledged. */
  acknowledge(ids: readonly string[]): void {
    this.#acknowledge.run(JSON.stringify(ids));
  }

  /** Oldest first. */
  children(parent: string, bounds: { time: number; id: string }, limit: number): RunRow[] {
    return this.#children.all({ parent, ...bounds, limit });
  }

  /** The run, those it continues and those that continue any of them, by depth. */
  lineage(id: string): RunRow[] {
    return this.#descent.all({ id });
  }

  /** Ids of a job's runs that have not ended, oldest first. */
  unfinishedOf(jobId: string): string[] {
    return this.#unfinishedOf.all(jobId);
  }

  unfinishedChildren(parent: string): RunRow[] {
    return this.#unfinishedChildren.all(parent);
  }

  /** Oldest first. */
  deadLetterIds(projectId: string, limit: number): string[] {
    return this.#deadLetterIds.all(projectId, limit);
  }

  countByStatus(): RunCount[] {
    return this.#countByStatus.all();
  }

  /** How many of a project's runs are queued, now or later. */
  countToStart(projectId: string): number {
    return this.#countToStart.get(projectId) ?? 0;
  }

  countUnfinished(jobId: string): number {
    return this.#countUnfinished.get(jobId) ?? 0;
  }

  countCreatedSince(jobId: string, since: number): number {
    return this.#countCreatedSince.get(jobId, since) ?? 0;
  }

  /** The job's newest run with this idempotency key. */
  byKey(jobId: string, key: string): RunRow | undefined {
    return this.#byKey.get(jobId, key);
  }

  /** The job's newest run with this payload that was made after `since`. */
  byPayload(jobId: string, payloadHash: string, since: number): RunRow | undefined {
    return this.#byPayload.get(jobId, payloadHash, since);
  }

  /** The oldest that ended before a time, in milliseconds since the epoch, and all that belongs to them. */
  deleteEnded(before: number): boolean {
    return this.#deleteEnded.run(before);
  }

  /** Lets each run that has not started yet expire so many milliseconds later. */
  postponeExpiries(byMs: number): void {
    this.#postponeExpiries.run(byMs);
  }
}
