import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

/** Users that annotate an item, each until a time. */
const LOCKS = new Table("annotation_queue_locks", {
  workspace: text(),
  queue_id: text(),
  item_id: text(),
  user: text(),
  expires_at: time().changing(),
});

export type LockRow = Row<typeof LOCKS>;

/** The SQL of locks of items. */
export class LockStore {
  readonly #save;
  readonly #ofQueue;
  readonly #deleteExpired;

  constructor(database: Database) {
    this.#save = database.prepare<[LockRow]>(
      `${LOCKS.insertion} ON CONFLICT (workspace, queue_id, item_id, user) DO UPDATE SET ${LOCKS.assignments}`,
    );
    this.#ofQueue = database.prepare<[string, string], LockRow>(
      `SELECT ${LOCKS.list} FROM annotation_queue_locks
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
