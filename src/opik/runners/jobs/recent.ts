import type { Database } from "../../../database/database.ts";
import type { JobStatus } from "./schema.ts";

/** A summary of a job, with the beginnings of its JSON. */
export interface RecentJob {
  id: string;
  runner_id: string;
  project_id: string;
  agent_name: string;
  status: JobStatus;
  created_at: number;
  started_at: number | null;
  completed_at: number | null;
  /** The beginnings of JSON texts, and of the error. */
  inputs: string | null;
  result: string | null;
  error: string | null;
}

/** How many jobs ended in a span of time. */
export interface EndedCount {
  ended: number;
  failed: number;
}

/** The number of newest rows that are read, also when the workspace has few of them: it limits the time. */
const LOOKED_AT = 1_000;

/** A drawing needs no larger counts, and counting more would keep other requests waiting. */
const COUNTED = 10_000;

const PREVIEW = 160;

const IN_SHORT = `id, runner_id, project_id, agent_name, status, created_at, started_at, completed_at,
  substr(inputs_json, 1, ${PREVIEW}) AS inputs, substr(result_json, 1, ${PREVIEW}) AS result,
  substr(error, 1, ${PREVIEW}) AS error`;

/** Recent activity of jobs. Each query reads a limited part of the table. */
export class RecentJobs {
  readonly #newest;
  readonly #running;
  readonly #failed;
  readonly #count;

  constructor(database: Database) {
    const inShort = (rows: string, status?: JobStatus): string =>
      `SELECT * FROM (SELECT workspace, ${IN_SHORT} FROM jobs ${rows} LIMIT ${LOOKED_AT})
       WHERE workspace = +?${status === undefined ? "" : ` AND status = '${status}'`} LIMIT +?`;
    this.#newest = database.prepare<[string, number], RecentJob>(
      // The range of sequence numbers is read, not the table.
      inShort(`WHERE sequence > (SELECT max(sequence) - ${LOOKED_AT} FROM jobs) ORDER BY sequence DESC`),
    );
    this.#running = database.prepare<[string, number], RecentJob>(inShort("WHERE status = 'running'"));
    this.#failed = database.prepare<[number, string, number], RecentJob>(
      inShort("WHERE completed_at >= +? ORDER BY completed_at DESC", "failed"),
    );
    this.#count = database.prepare<[number, number, string], EndedCount>(
      `SELECT count(*) AS ended, total(status = 'failed') AS failed FROM
         (SELECT status, workspace FROM jobs INDEXED BY jobs_completed
          WHERE completed_at >= +? AND completed_at < +? LIMIT ${COUNTED})
       WHERE workspace = +?`,
    );
  }

  /** The jobs that were created last, newest first. */
  newest(workspace: string, limit: number): RecentJob[] {
    return this.#newest.all(workspace, limit);
  }

  /** Jobs that run now, in no order. */
  running(workspace: string, limit: number): RecentJob[] {
    return this.#running.all(workspace, limit);
  }

  /** Jobs that failed since a time, the last one first. */
  failedSince(time: number, workspace: string, limit: number): RecentJob[] {
    return this.#failed.all(time, workspace, limit);
  }

  /** How many jobs ended from a time on and before another; beyond 10,000 they are not counted. */
  countEnded(from: number, before: number, workspace: string): EndedCount {
    return this.#count.get(from, before, workspace) ?? { ended: 0, failed: 0 };
  }
}
