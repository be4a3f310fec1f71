import type { Database } from "../../../database/database.ts";
import { UNPUBLISHED_TYPES } from "./published.ts";

export interface RunEventRow {
  id: string;
  run_id: string;
  type: string;
  level: string | null;
  message: string;
  data_json: string | null;
  created_at: number;
}

/** An event with its place in the order of all events. */
export interface StoredRunEvent extends RunEventRow {
  sequence: number;
}

export interface RunEventFilter {
  run_id: string;
  level: string | null;
  type: string | null;
}

/** A run's events behind one sequence and up to another, of one type or all that are published. */
export interface RunEventRange {
  run_id: string;
  after: number;
  until: number;
  type: string | null;
}

const COLUMNS = "id, run_id, type, level, message, data_json, created_at";

const IS_PUBLISHED = `type NOT IN (${UNPUBLISHED_TYPES.map((type) => `'${type}'`).join(", ")})`;

/** The SQL of the histories of runs. */
export class RunEventStore {
  readonly #insert;
  readonly #oldest;
  readonly #behind;
  readonly #last;

  constructor(database: Database) {
    this.#insert = database
      .prepare<[RunEventRow], number>(
        `INSERT INTO executor_run_events (${COLUMNS}, number) VALUES (:id, :run_id, :type, :level, :message,
         :data_json, :created_at,
         (SELECT coalesce(max(number), 0) + 1 FROM executor_run_events WHERE run_id = :run_id)) RETURNING sequence`,
      )
      .pluck();
    this.#oldest = database.prepare<[RunEventFilter & { time: number; id: string; limit: number }], RunEventRow>(
      `SELECT ${COLUMNS} FROM executor_run_events WHERE run_id = :run_id AND (:level IS NULL OR level = :level)
       AND (:type IS NULL OR type = :type) AND (created_at, id) > (:time, :id) ORDER BY created_at, id LIMIT :limit`,
    );
    this.#behind = database.prepare<[RunEventRange & { limit: number }], StoredRunEvent>(
      `SELECT sequence, ${COLUMNS} FROM executor_run_events WHERE run_id = :run_id AND sequence > :after
       AND sequence <= :until AND (type = :type OR (:type IS NULL AND ${IS_PUBLISHED})) ORDER BY sequence LIMIT :limit`,
    );
    this.#last = database.prepare<[string], { sequence: number; number: number }>(
      "SELECT sequence, number FROM executor_run_events WHERE run_id = ? ORDER BY number DESC LIMIT 1",
    );
  }

  /** @returns the event's sequence */
  insert(row: RunEventRow): number {
    return this.#insert.get(row) ?? 0;
  }

  /** Oldest first. */
  oldest(filter: RunEventFilter, bounds: { time: number; id: string }, limit: number): RunEventRow[] {
    return this.#oldest.all({ ...filter, ...bounds, limit });
  }

  /** 0 when the run has no events. */
  lastSequence(runId: string): number {
    return this.#last.get(runId)?.sequence ?? 0;
  }

  /** How many events a run has. */
  count(runId: string): number {
    return this.#last.get(runId)?.number ?? 0;
  }

  /** The first events of a range, in order. */
  behind(range: RunEventRange, limit: number): StoredRunEvent[] {
    return this.#behind.all({ ...range, limit });
  }
}
