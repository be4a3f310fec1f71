import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";

export interface KeptAnswerRow {
  /** Whose key it is, and for which path. */
  scope: string;
  key: string;
  status: number;
  headers_json: string;
  body: string | null;
  expires_at: number;
}

/** The SQL of answers that are given again. */
export class KeptAnswerStore {
  readonly #find;
  readonly #save;
  readonly #deleteExpired;

  constructor(database: Database) {
    this.#find = database.prepare<[string, string, number], KeptAnswerRow>(
      "SELECT * FROM executor_idempotency WHERE scope = ? AND key = ? AND expires_at > ?",
    );
    this.#save = database.prepare<[KeptAnswerRow]>(
      `INSERT OR REPLACE INTO executor_idempotency (scope, key, status, headers_json, body, expires_at)
       VALUES (:scope, :key, :status, :headers_json, :body, :expires_at)`,
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
