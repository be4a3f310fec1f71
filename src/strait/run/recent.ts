import type { Database } from "../../database/database.ts";
import type { RunStatus } from "./state-machine.ts";
import { UNFINISHED } from "./unfinished.ts";

/** A summary of a run, with the beginnings of its JSON. */
export interface RecentRun {
  id: string;
  job_id: string;
  project_id: string;
  status: RunStatus;
  attempt: number;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  /** The beginnings of JSON texts, and of the error. */
  payload: string | null;
  result: string | null;
  error: string | null;
}

/** Final statuses that need attention. */
const FAILED = "('failed', 'timed_out', 'crashed', 'system_failed', 'dead_letter')";
const UNDER_WAY = "('executing', 'waiting', 'paused')";

/** The number of newest rows that are read, which limits the time. */
const LOOKED_AT = 1_000;

const PREVIEW = 160;

const IN_SHORT = `id, job_id, project_id, status, attempt, created_at, started_at, finished_at,
  substr(payload_json, 1, ${PREVIEW}) AS payload, substr(result_json, 1, ${PREVIEW}) AS result,
  substr(error, 1, ${PREVIEW}) AS error`;

/** Recent activity of runs, in all projects. Each query reads a limited part of the table. */
export class RecentRuns {
  readonly #newest;
  readonly #underWay;
  readonly #failed;
  readonly #ended;

  constructor(database: Database) {
    this.#newest = database.prepare<[number], RecentRun>(
      // The range of sequence numbers is read, not the table.
      `SELECT ${IN_SHORT} FROM executor_runs
       WHERE sequence > (SELECT max(sequence) - ${LOOKED_AT} FROM executor_runs) ORDER BY sequence DESC LIMIT +?`,
    );
    this.#underWay = database.prepare<[number], RecentRun>(
      `SELECT ${IN_SHORT} FROM executor_runs INDEXED BY executor_runs_unfinished
       WHERE status IN ${UNFINISHED} AND status IN ${UNDER_WAY} LIMIT +?`,
    );
    this.#failed = database.prepare<[number, number], RecentRun>(
      `SELECT * FROM (SELECT ${IN_SHORT} FROM executor_runs WHERE finished_at >= +?
         ORDER BY finished_at DESC LIMIT ${LOOKED_AT}) WHERE status IN ${FAILED} LIMIT +?`,
    );
    this.#ended = database.prepare<[number], { minute: number; ended: number; failed: number }>(
      `SELECT minute, sum(count) AS ended, sum(iif(status IN ${FAILED}, count, 0)) AS failed FROM executor_run_minutes
       WHERE minute >= +? GROUP BY minute`,
    );
  }

  /** The runs that were created last, newest first. */
  newest(limit: number): RecentRun[] {
    return this.#newest.all(limit);
  }

  /** Runs that execute, wait or are paused now, in no order. */
  underWay(limit: number): RecentRun[] {
    return this.#underWay.all(limit);
  }

  /** Runs that failed since a time, the last one first. */
  failedSince(time: number, limit: number): RecentRun[] {
    return this.#failed.all(time, limit);
  }

  /** The minutes in which runs ended, from one on, in minutes since the epoch. */
  ended(minute: number): Array<{ minute: number; ended: number; failed: number }> {
    return this.#ended.all(minute);
  }
}
