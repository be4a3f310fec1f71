import type { Database } from "../../../database/database.ts";

/** Which item of which queue. */
export interface QueueItem {
  workspace: string;
  queue_id: string;
  item_id: string;
}

/** A user who annotates an item, until a time in milliseconds since the epoch. */
export interface LockRow extends QueueItem {
  user: string;
  expires_at: number;
}

/** The SQL of locks of items. */
export class LockStore {
  readonly #save;
  readonly #ofQueue;
  readonly #deleteExpired;

  constructor(database: Database) {
    this.#save = database.prepare<[LockRow]>(
      `INSERT INTO annotation_queue_locks (workspace, queue_id, item_id, user, expires_at)
       VALUES (:workspace, :queue_id, :item_id, :user, :expires_at)
       ON CONFLICT (workspace, queue_id, item_id, user) DO UPDATE SET expires_at = :expires_at`,
    );
    this.#ofQueue = database.prepare<[string, string], LockRow>(
      `SELECT workspace, queue_id, item_id, user, expires_at FROM annotation_queue_locks
       WHERE workspace = ? AND queue_id = ?`,
    );
    this.#deleteExpired = database.prepare<[string, string, number]>(
      "DELETE FROM annotation_queue_locks WHERE workspace = ? AND queue_id = ? AND expires_at <= +?",
    );
  }

  save(row: LockRow): void {
    this.#save.run(row);
  }

  /** The locks of a queue that have not expired at `now`; deletes the others. */
  active(workspace: string, queueId: string, now: number): LockRow[] {
    this.#deleteExpired.run(workspace, queueId, now);
    return this.#ofQueue.all(workspace, queueId);
  }
}
