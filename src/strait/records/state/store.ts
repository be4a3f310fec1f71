import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const RUN_STATE = new Table("executor_run_state", {
  run_id: text(),
  state_key: text(),
  value_json: json(),
  updated_at: time(),
});

export type StateRow = Row<typeof RUN_STATE>;

/** The SQL of the state of runs. */
export class StateStore {
  readonly #upsert;
  readonly #find;
  readonly #list;
  readonly #count;
  readonly #delete;

  constructor(database: Database) {
    this.#upsert = database.prepare<[StateRow], StateRow>(
      `${RUN_STATE.insertion}
       ON CONFLICT (run_id, state_key) DO UPDATE SET
         updated_at = CASE WHEN value_json = excluded.value_json THEN updated_at ELSE excluded.updated_at END,
         value_json = excluded.value_json
       RETURNING ${RUN_STATE.list}`,
    );
    this.#find = database.prepare<[string, string], StateRow>(
      `SELECT ${RUN_STATE.list} FROM executor_run_state WHERE run_id = ? AND state_key = ?`,
    );
    this.#list = database.prepare<[string], StateRow>(
      `SELECT ${RUN_STATE.list} FROM executor_run_state WHERE run_id = +? ORDER BY state_key`,
    );
    this.#count = database
      .prepare<[string], number>("SELECT count(*) FROM executor_run_state WHERE run_id = ?")
      .pluck();
    this.#delete = database.prepare<[string, string]>(
      "DELETE FROM executor_run_state WHERE run_id = ? AND state_key = ?",
    );
  }

  /** Writes a value; its time moves only when the value changed. */
  upsert(row: StateRow): StateRow {
    return this.#upsert.get(row) ?? row;
  }

  find(runId: string, key: string): StateRow | undefined {
    return this.#find.get(runId, key);
  }

  /** By key. */
  list(runId: string): StateRow[] {
    return this.#list.all(runId);
  }

  /** How many keys a run has. */
  count(runId: string): number {
    return this.#count.get(runId) ?? 0;
  }

  delete(runId: string, key: string): void {
    this.#delete.run(runId, key);
  }
}
