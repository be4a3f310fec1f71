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

/** The key with which commands of a paired runner are signed. */
interface BridgeKeyRow {
  runner_id: string;
  workspace: string;
  key: Buffer;
}

const COLUMNS =
  "id, workspace, user, project_id, runner_id, type, activation_key, created_at, expires_at, activated_at";

/** The SQL of pairing sessions. */
export class SessionStore {
  readonly #insert;
  readonly #find;
  readonly #setActivated;
  readonly #deleteExpired;
  readonly #ofRunner;
  readonly #insertBridgeKey;
  readonly #bridgeKey;

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
    this.#ofRunner = database.prepare<[string, string], SessionRow>(
      `SELECT ${COLUMNS} FROM pairing_sessions WHERE runner_id = ? AND workspace = ? AND activated_at IS NULL`,
    );
    this.#insertBridgeKey = database.prepare<[BridgeKeyRow]>(
      "INSERT INTO bridge_keys (runner_id, workspace, key) VALUES (:runner_id, :workspace, :key)",
    );
    this.#bridgeKey = database
      .prepare<[string, string], Buffer>("SELECT key FROM bridge_keys WHERE runner_id = ? AND workspace = ?")
      .pluck();
    this.#deleteExpired = new SlicedDeletion(database, {
      table: "pairing_sessions",
      key: ["id"],
      condition: "expires_at <= +:time",
      order: "expires_at",
    });
  }

  /** The session of a runner that is not paired yet. */
  ofRunner(runnerId: string, workspace: string): SessionRow | undefined {
    return this.#ofRunner.get(runnerId, workspace);
  }

  insertBridgeKey(row: BridgeKeyRow): void {
    this.#insertBridgeKey.run(row);
  }

  bridgeKey(runnerId: string, workspace: string): Buffer | undefined {
    return this.#bridgeKey.get(runnerId, workspace);
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
