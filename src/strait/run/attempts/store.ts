import { integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { ErrorClass } from "../schema.ts";
import type { AttemptStatus } from "./schema.ts";

export const ATTEMPTS = new Table("executor_run_attempts", {
  attempt: integer(),
  status: text<AttemptStatus>(),
  started_at: time().nullable(),
  finished_at: time(),
  error: text().nullable(),
  error_class: text<ErrorClass>().nullable(),
});

export type AttemptRow = Row<typeof ATTEMPTS>;

/** The SQL of attempts that have ended. */
export class AttemptStore {
  readonly #insert;
  readonly #ofRun;

  constructor(database: Database) {
    this.#insert = database.prepare<[AttemptRow & { run_id: string }]>(
      `INSERT INTO executor_run_attempts (run_id, number, ${ATTEMPTS.list}) VALUES (:run_id,
       (SELECT coalesce(max(number), 0) + 1 FROM executor_run_attempts WHERE run_id = :run_id), ${ATTEMPTS.values})`,
    );
    this.#ofRun = database.prepare<[string], AttemptRow>(
      `SELECT ${ATTEMPTS.list} FROM executor_run_attempts WHERE run_id = +? ORDER BY number`,
    );
  }

  /** Adds an attempt behind the others of its run. */
  insert(runId: string, row: AttemptRow): void {
    this.#insert.run({ ...row, run_id: runId });
  }

  /** Oldest first. */
  ofRun(runId: string): AttemptRow[] {
    return this.#ofRun.all(runId);
  }
}
