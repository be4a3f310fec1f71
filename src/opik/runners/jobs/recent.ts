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

/** How many jobs ended in a minute. */
export interface EndedCount {
  /** In minutes since the epoch. */
  minute: number;
  ended: number;
  failed: number;
}

/** The number of newest rows that are read, also when the workspace has few of them: it limits the time. */
const LOOKED_AT = 1_000;

const PREVIEW = 160;

const IN_SHORT = `id, runner_id, project_id, agent_name, status, created_at, started_at, completed_at,
  substr(inputs_json, 1, ${PREVIEW}) AS inputs, substr(result_json, 1, ${PREVIEW}) AS result,
  substr(error, 1, ${PREVIEW}) AS error`;

/** Recent activity of jobs. Each query reads a limited part of the table. */
export class RecentJobs {
  readonly #newest;
  readonly #running;
  readonly #failed;
  readonly #ended;

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
    this.#ended = database.prepare<[string, number], EndedCount>(
      `SELECT minute, sum(count) AS ended, sum(iif(status = 'failed', count, 0)) AS failed FROM job_minutes
       WHERE workspace = +? AND minute >= +? GROUP BY minute`,
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

  /** The minutes in which jobs ended, from one on, in minutes since the epoch. */
  ended(workspace: string, minute: number): EndedCount[] {
    return this.#ended.all(workspace, minute);
  }
}
