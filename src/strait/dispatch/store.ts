import { integer, text } from "../../database/column.ts";
import type { Database } from "../../database/database.ts";
import { SlicedDeletion } from "../../database/sliced-deletion.ts";
import { type Row, Table } from "../../database/table.ts";
import type { RunRow } from "../run/run.ts";
import { UNFINISHED } from "../run/unfinished.ts";
import { time } from "../wire/columns.ts";

/** What decides about the turn of a queued run. */
export interface Candidate {
  id: string;
  job_id: string;
  concurrency_key: string | null;
  priority: number;
  /** Grows with every run that is made. */
  sequence: number;
}

const CIRCUITS = new Table("executor_circuits", {
  project_id: text(),
  endpoint_url: text(),
  consecutive_failures: integer().changing(),
  /** `null` while the circuit is closed. */
  open_until: time().nullable().changing(),
  /** When the endpoint was last called. */
  used_at: time().changing(),
});

/** The circuit of an endpoint; times in milliseconds since the epoch. */
export type CircuitRow = Row<typeof CIRCUITS>;

/** An endpoint of one project. */
export type Endpoint = Pick<CircuitRow, "project_id" | "endpoint_url">;

/** The place of queued runs: their kind of executor, queue and version of the job. */
export type QueuedPlace = Pick<RunRow, "job_version" | "job_version_id" | "execution_mode" | "queue_name">;

const CANDIDATE = "id, job_id, concurrency_key, priority, sequence";
/** In their turn: the more urgent first, then the older. */
const READY = "status = 'queued' AND (next_retry_at IS NULL OR next_retry_at <= +:now)";
const IN_TURN = "ORDER BY priority DESC, sequence";

/** The SQL of dispatch. It only reads runs, which their own service changes. */
export class DispatchStore {
  readonly #readyToPush;
  readonly #readyForWorkers;
  readonly #jobsWithQueued;
  readonly #queuedPlaces;
  readonly #queuedAt;
  readonly #countExecuting;
  readonly #countExecutingOfKey;
  readonly #timed;
  readonly #stale;
  readonly #unstarted;
  readonly #findCircuit;
  readonly #saveCircuit;
  readonly #deleteCircuit;
  readonly #deleteUnusedCircuits;

  constructor(database: Database) {
    // `+:` keeps SQLite from preparing the statements anew on each call (see `Database.prepare`).
    this.#readyToPush = database.prepare<[{ job_id: string; now: number }], Candidate>(
      `SELECT ${CANDIDATE} FROM executor_runs WHERE job_id = +:job_id AND execution_mode = 'http' AND ${READY} ${IN_TURN}`,
    );
    this.#readyForWorkers = database.prepare<[{ queue: string; now: number }], Candidate>(
      `SELECT ${CANDIDATE} FROM executor_runs WHERE queue_name = +:queue AND execution_mode = 'worker' AND ${READY} ${IN_TURN}`,
    );
    this.#jobsWithQueued = database
      .prepare<[], string>("SELECT DISTINCT job_id FROM executor_runs WHERE status = 'queued'")
      .pluck();
    this.#queuedPlaces = database.prepare<[string], QueuedPlace>(
      `SELECT DISTINCT job_version, job_version_id, execution_mode, queue_name FROM executor_runs
       WHERE job_id = +? AND status = 'queued'`,
    );
    this.#queuedAt = database
      .prepare<[QueuedPlace & { job_id: string }], string>(
        `SELECT id FROM executor_runs WHERE job_id = +:job_id AND status = 'queued' AND job_version = +:job_version
         AND job_version_id IS :job_version_id AND execution_mode = +:execution_mode AND queue_name = +:queue_name
         ORDER BY sequence`,
      )
      .pluck();
    this.#countExecuting = database
      .prepare<[string], number>("SELECT count(*) FROM executor_runs WHERE job_id = ? AND status = 'executing'")
      .pluck();
    this.#countExecutingOfKey = database
      .prepare<[string, string], number>(
        "SELECT count(*) FROM executor_runs WHERE job_id = ? AND status = 'executing' AND concurrency_key = ?",
      )
      .pluck();
    this.#timed = database
      .prepare<[], string>(
        `SELECT id FROM executor_runs WHERE status IN ${UNFINISHED}
         AND (status IN ('delayed', 'executing') OR (status = 'queued' AND next_retry_at IS NOT NULL))`,
      )
      .pluck();
    this.#stale = database
      .prepare<[number], string>(
        `SELECT id FROM executor_runs WHERE status IN ${UNFINISHED} AND status IN ('executing', 'dequeued')
         AND coalesce(heartbeat_at, started_at, created_at) <= +? ORDER BY sequence`,
      )
      .pluck();
    this.#unstarted = database
      .prepare<[number], string>(
        `SELECT id FROM executor_runs INDEXED BY executor_runs_to_start
         WHERE status IN ('delayed', 'queued') AND started_at IS NULL AND expires_at <= +? ORDER BY sequence`,
      )
      .pluck();
    this.#findCircuit = database.prepare<[Endpoint], CircuitRow>(
      `SELECT ${CIRCUITS.list} FROM executor_circuits
       WHERE project_id = :project_id AND endpoint_url = :endpoint_url`,
    );
    this.#saveCircuit = database.prepare<[CircuitRow]>(
      `${CIRCUITS.insertion} ON CONFLICT (project_id, endpoint_url) DO UPDATE SET ${CIRCUITS.assignments}`,
    );
    this.#deleteCircuit = database.prepare<[Endpoint]>(
      "DELETE FROM executor_circuits WHERE project_id = :project_id AND endpoint_url = :endpoint_url",
    );
    this.#deleteUnusedCircuits = new SlicedDeletion(database, {
      table: "executor_circuits",
      key: ["project_id", "endpoint_url"],
      condition: "used_at <= +:time",
      order: "used_at",
    });
  }

  /** A job's runs that could be pushed now, in their turn. Nothing may be written before the loop has ended. */
  readyToPush(jobId: string, now: number): Iterable<Candidate> {
    return this.#readyToPush.iterate({ job_id: jobId, now });
  }

  /** A queue's runs that a worker could have now, in their turn. Nothing may be written before the loop has ended. */
  readyForWorkers(queue: string, now: number): Iterable<Candidate> {
    return this.#readyForWorkers.iterate({ queue, now });
  }

  /** Ids of the jobs that have queued runs. */
  jobsWithQueued(): string[] {
    return this.#jobsWithQueued.all();
  }

  /** Every place at which runs of a job are queued. */
  queuedPlaces(jobId: string): QueuedPlace[] {
    return this.#queuedPlaces.all(jobId);
  }

  /** Ids of a job's runs that are queued at a place, oldest first. */
  queuedAt(jobId: string, place: QueuedPlace): string[] {
    return this.#queuedAt.all({ ...place, job_id: jobId });
  }

  countExecuting(jobId: string): number {
    return this.#countExecuting.get(jobId) ?? 0;
  }

  countExecutingOfKey(jobId: string, concurrencyKey: string): number {
    return this.#countExecutingOfKey.get(jobId, concurrencyKey) ?? 0;
  }

  /** Ids of the runs that have a timer. */
  timed(): string[] {
    return this.#timed.all();
  }

  /** Ids of the executing runs whose last heartbeat, or else start, was at `before` or earlier (milliseconds since the epoch). */
  stale(before: number): string[] {
    return this.#stale.all(before);
  }

  /** Ids of the runs that should have started until `now`. */
  unstarted(now: number): string[] {
    return this.#unstarted.all(now);
  }

  findCircuit(endpoint: Endpoint): CircuitRow | undefined {
    return this.#findCircuit.get(endpoint);
  }

  saveCircuit(row: CircuitRow): void {
    this.#saveCircuit.run(row);
  }

  deleteCircuit(endpoint: Endpoint): void {
    this.#deleteCircuit.run(endpoint);
  }

  /** Those of endpoints that no run can be pushed to any more. */
  deleteUnusedCircuits(time: number): boolean {
    return this.#deleteUnusedCircuits.run(time);
  }
}
