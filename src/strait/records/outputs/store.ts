import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const OUTPUTS = new Table("executor_outputs", {
  id: text(),
  run_id: text(),
  output_key: text(),
  schema_json: json().nullable(),
  value_json: json(),
  created_at: time(),
});

export type OutputRow = Row<typeof OUTPUTS>;

/** The SQL of outputs. */
export class OutputStore {
  readonly #upsert;
  readonly #countOthers;
  readonly #page;

  constructor(database: Database) {
    this.#upsert = database.prepare<[OutputRow], OutputRow>(
      `${OUTPUTS.insertion}
       ON CONFLICT (run_id, output_key) DO UPDATE SET
         created_at = CASE WHEN value_json = excluded.value_json AND schema_json IS excluded.schema_json
                      THEN created_at ELSE excluded.created_at END,
         schema_json = excluded.schema_json, value_json = excluded.value_json
       RETURNING ${OUTPUTS.list}`,
    );
    this.#countOthers = database
      .prepare<[string, string], number>("SELECT count(*) FROM executor_outputs WHERE run_id = ? AND output_key <> ?")
      .pluck();
    this.#page = database.prepare<[{ run_id: string; time: number; after_id: string; limit: number }], OutputRow>(
      `SELECT ${OUTPUTS.list} FROM executor_outputs WHERE run_id = +:run_id
       AND CASE WHEN :after_id = '' THEN created_at < +:time
           ELSE output_key > (SELECT output_key FROM executor_outputs WHERE id = +:after_id) END
       ORDER BY output_key LIMIT +:limit`,
    );
  }

  /** Writes the run's output of that key; the first one's id stays, its time moves only when something changed. */
  upsert(row: OutputRow): OutputRow {
    return this.#upsert.get(row) ?? row;
  }

  /** How many outputs of other keys the run has. */
  countOthers(runId: string, key: string): number {
    return this.#countOthers.get(runId, key) ?? 0;
  }

  /** By key, behind the output with the bounds' id, or those made before the bounds' time. */
  page(runId: string, bounds: { time: number; id: string }, limit: number): OutputRow[] {
    return this.#page.all({ run_id: runId, time: bounds.time, after_id: bounds.id, limit });
  }
}
