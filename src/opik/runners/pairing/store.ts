import { blob, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { RunnerType } from "../schema.ts";

export const SESSIONS = new Table("pairing_sessions", {
  id: text(),
  workspace: text(),
  user: text(),
  project_id: text(),
  /** The id the runner will have once it is paired. */
  runner_id: text(),
  type: text<RunnerType>(),
  activation_key: blob(),
  created_at: time(),
  expires_at: time(),
  activated_at: time().nullable(),
});

export type SessionRow = Row<typeof SESSIONS>;

/** The keys with which commands of paired runners are signed. */
const BRIDGE_KEYS = new Table("bridge_keys", {
  runner_id: text(),
  workspace: text(),
  key: blob(),
});

/** The SQL of pairing sessions. */
export class SessionStore {
  readonly #insert;
  readonly #find;
  readonly #setActivated;
  readonly #deleteExpired;
  readonly #ofRunner;
  readonly #waiting;
  readonly #insertBridgeKey;
  readonly #bridgeKey;

  constructor(database: Database) {
    this.#insert = SESSIONS.insert(database);
    this.#find = database.prepare<[string, string], SessionRow>(
      `SELECT ${SESSIONS.list} FROM pairing_sessions WHERE id = ? AND workspace = ?`,
    );
    this.#setActivated = database.prepare<[number, string]>(
      "UPDATE pairing_sessions SET activated_at = ? WHERE id = ?",
    );
    this.#ofRunner = database.prepare<[string, string], SessionRow>(
      `SELECT ${SESSIONS.list} FROM pairing_sessions WHERE runner_id = ? AND workspace = ? AND activated_at IS NULL`,
    );
    this.#waiting = database.prepare<[number, number], SessionRow>(
      `SELECT ${SESSIONS.list} FROM pairing_sessions WHERE expires_at > +? AND activated_at IS NULL ORDER BY expires_at LIMIT +?`,
    );
    this.#insertBridgeKey = BRIDGE_KEYS.insert(database);
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

  /** The sessions of runners that are not paired yet, those first that expire first. @param now milliseconds since the epoch */
  waiting(now: number, limit: number): SessionRow[] {
    return this.#waiting.all(now, limit);
  }

  insertBridgeKey(row: Row<typeof BRIDGE_KEYS>): void {
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
