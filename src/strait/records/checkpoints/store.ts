import { integer, json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const CHECKPOINTS = new Table("executor_checkpoints", {
  id: text(),
  run_id: text(),
  /** Counts from 1 in each run. */
  sequence: integer(),
  source: text(),
  state_json: json(),
  created_at: time(),
});

export type CheckpointRow = Row<typeof CHECKPOINTS>;

/** The SQL of checkpoints. */
export class CheckpointStore {
  readonly #insert;
  readonly #latest;
  readonly #find;
  readonly #newest;

  constructor(database: Database) {
    this.#insert = CHECKPOINTS.insert(database);
    this.#latest = database.prepare<[string], CheckpointRow>(
      `SELECT ${CHECKPOINTS.list} FROM executor_checkpoints WHERE run_id = +? ORDER BY sequence DESC LIMIT 1`,
    );
    this.#find = database.prepare<[string, number], CheckpointRow>(
      `SELECT ${CHECKPOINTS.list} FROM executor_checkpoints WHERE run_id = ? AND sequence = ?`,
    );
    this.#newest = database.prepare<[{ run_id: string; time: number; id: string; limit: number }], CheckpointRow>(
      `SELECT ${CHECKPOINTS.list} FROM executor_checkpoints WHERE run_id = +:run_id AND (created_at, id) < (:time, :id)
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
