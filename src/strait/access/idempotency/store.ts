import { integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const KEPT_ANSWERS = new Table("executor_idempotency", {
  /** The caller that uses the key, and the path. */
  scope: text(),
  key: text(),
  status: integer().changing(),
  headers_json: text().changing(),
  body: text().nullable().changing(),
  expires_at: time().changing(),
});

export type KeptAnswerRow = Row<typeof KEPT_ANSWERS>;

/** The SQL of answers that are repeated. */
export class KeptAnswerStore {
  readonly #find;
  readonly #save;
  readonly #deleteExpired;

  constructor(database: Database) {
    this.#find = database.prepare<[string, string, number], KeptAnswerRow>(
      `SELECT ${KEPT_ANSWERS.list} FROM executor_idempotency WHERE scope = ? AND key = ? AND expires_at > ?`,
    );
    this.#save = database.prepare<[KeptAnswerRow]>(
      `${KEPT_ANSWERS.insertion} ON CONFLICT (scope, key) DO UPDATE SET ${KEPT_ANSWERS.assignments}`,
    );
    this.#deleteExpired = new SlicedDeletion(database, {
      table: "executor_idempotency",
      key: ["scope", "key"],
      condition: "expires_at <= +:time",
      order: "expires_at",
    });
  }

  find(scope: string, key: string, now: number): KeptAnswerRow | undefined {
    return this.#find.get(scope, key, now);
  }

  save(row: KeptAnswerRow): void {
    this.#save.run(row);
  }

  deleteExpired(now: number): boolean {
    return this.#deleteExpired.run(now);
  }
}
