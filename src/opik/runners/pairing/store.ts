import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import type { RunnerType } from "../schema.ts";

export interface SessionRow {
  id: string;
  workspace: string;
  user: string;
  project_id: string;
  /** The id the runner will have once it is paired. */
  runner_id: string;
  type: RunnerType;
  activation_key: Buffer;
  created_at: number;
  expires_at: number;
  activated_at: number | null;
}

const COLUMNS =
  "id, workspace, user, project_id, runner_id, type, activation_key, created_at, expires_at, activated_at";

/** The SQL of pairing sessions. */
export class SessionStore {
  readonly #insert;
  readonly #find;
  readonly #setActivated;
  readonly #deleteExpired;

  constructor(database: Database) {
    this.#insert = database.prepare<[SessionRow]>(
      `INSERT INTO pairing_sessions (${COLUMNS}) VALUES (:id, :workspace, :user, :project_id, :runner_id, :type,
       :activation_key, :created_at, :expires_at, :activated_at)`,
    );
    this.#find = database.prepare<[string, string], SessionRow>(
      `SELECT ${COLUMNS} FROM pairing_sessions WHERE id = ? AND workspace = ?`,
    );
    this.#setActivated = database.prepare<[number, string]>(
      "UPDATE pairing_sessions SET activated_at = ? WHERE id = ?",
    );
    this.#deleteExpired = new SlicedDeletion(database, {
      table: "pairing_sessions",
      key: ["id"],
      condition: "expires_at <= +:time",
      order: "expires_at",
    });
  }

  insert(row: SessionRow): void {
    this.#insert.run(row);
  }

  find(workspace: string, id: string): SessionRow | undefined {
    return this.#find.get(id, workspace);
  }

  setActivated(id: string, activatedAt: number): void {
    this.#setActivated.run(activatedAt, id);
  }

  /** Deletes the sessions that expired at `time` or before. */
  deleteExpired(time: number): boolean {
    return this.#deleteExpired.run(time);
  }
}
