import type { Database } from "../../../database/database.ts";

export interface CheckpointRow {
  id: string;
  run_id: string;
  /** Counts from 1 in each run. */
  sequence: number;
  source: string;
  state_json: string;
  created_at: number;
}

const COLUMNS = "id, run_id, sequence, source, state_json, created_at";

/** The SQL of checkpoints. */
export class CheckpointStore {
  readonly #insert;
  readonly #latest;
  readonly #find;
  readonly #newest;

  constructor(database: Database) {
    this.#insert = database.prepare<[CheckpointRow]>(
      `INSERT INTO executor_checkpoints (${COLUMNS})
       VALUES (:id, :run_id, :sequence, :source, :state_json, :created_at)`,
    );
    this.#latest = database.prepare<[string], CheckpointRow>(
      `SELECT ${COLUMNS} FROM executor_checkpoints WHERE run_id = +? ORDER BY sequence DESC LIMIT 1`,
    );
    this.#find = database.prepare<[string, number], CheckpointRow>(
      `SELECT ${COLUMNS} FROM executor_checkpoints WHERE run_id = ? AND sequence = ?`,
    );
    this.#newest = database.prepare<[{ run_id: string; time: number; id: string; limit: number }], CheckpointRow>(
      `SELECT ${COLUMNS} FROM executor_checkpoints WHERE run_id = +:run_id AND (created_at, id) < (:time, :id)
       ORDER BY sequence DESC LIMIT +:limit`,
    );
  }

  insert(row: CheckpointRow): void {
    this.#insert.run(row);
  }

  latest(runId: string): CheckpointRow | undefined {
    return this.#latest.get(runId);
  }

  find(runId: string, sequence: number): CheckpointRow | undefined {
    return this.#find.get(runId, sequence);
  }

  /** Newest first. */
  newest(runId: string, bounds: { time: number; id: string }, limit: number): CheckpointRow[] {
    return this.#newest.all({ run_id: runId, ...bounds, limit });
  }
}
