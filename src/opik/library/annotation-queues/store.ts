import { flag, integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Order, Search } from "../../../database/search.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Sql, sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { Scope } from "./schema.ts";

export const QUEUES = new Table("annotation_queues", {
  workspace: text().internal(),
  id: text(),
  project_id: text().changing(),
  name: text().changing(),
  description: text().changing(),
  instructions: text().changing(),
  scope: text<Scope>().changing(),
  comments_enabled: flag().changing(),
  // a list of texts
  feedback_definition_names_json: text().internal().changing(),
  annotators_per_item: integer().changing(),
  lock_timeout_seconds: integer().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
});
export type QueueRow = Row<typeof QUEUES>;

const ITEMS = new Table("annotation_queue_items", {
  workspace: text(),
  queue_id: text(),
  // a trace, or the model of a thread
  item_id: text(),
  created_at: integer(),
  created_by: text(),
});
export type QueueItemRow = Row<typeof ITEMS>;

/** A page of a list. */
export interface ListQuery {
  where: ReadonlyArray<Sql | undefined>;
  order: Order;
  limit: number;
  offset: number;
}

/** The SQL of annotation queues and their items. */
export class QueueStore {
  readonly #queues: Search<QueueRow>;
  readonly #items: Search<{ item_id: string }>;
  readonly #save;
  readonly #find;
  readonly #delete;
  readonly #addItem;
  readonly #removeItem;
  readonly #countItems;
  readonly #deleteItemsCreated;

  constructor(database: Database) {
    this.#queues = new Search(database, QUEUES.list, QUEUES.name);
    this.#items = new Search(database, "item_id", ITEMS.name);
    this.#save = database.prepare<[QueueRow]>(
      `${QUEUES.insertion} ON CONFLICT (workspace, id) DO UPDATE SET ${QUEUES.assignments}`,
    );
    this.#find = database.prepare<[string, string], QueueRow>(
      `SELECT ${QUEUES.list} FROM annotation_queues WHERE workspace = ? AND id = ?`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM annotation_queues WHERE workspace = ? AND id = ?");
    this.#addItem = database.prepare<[QueueItemRow]>(`${ITEMS.insertion} ON CONFLICT DO NOTHING`);
    this.#removeItem = database.prepare<[string, string, string]>(
      "DELETE FROM annotation_queue_items WHERE workspace = ? AND queue_id = ? AND item_id = ?",
    );
    this.#countItems = database
      .prepare<[string, string], number>(
        "SELECT count(*) FROM annotation_queue_items WHERE workspace = ? AND queue_id = ?",
      )
      .pluck();
    this.#deleteItemsCreated = new SlicedDeletion(database, {
      table: ITEMS.name,
      key: ["workspace", "queue_id", "item_id"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  /** Writes a queue, or changes the one with its id. */
  save(row: QueueRow): void {
    this.#save.run(row);
  }

  find(workspace: string, id: string): QueueRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** One page of queues, and how many there are in all. */
  list(query: ListQuery): { total: number; rows: QueueRow[] } {
    return { total: this.#queues.count(query.where), rows: this.#queues.page(query) };
  }

  /** Deletes a queue with its items and locks; returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }

  /** Adds an item; returns whether it was not there. */
  addItem(row: QueueItemRow): boolean {
    return this.#addItem.run(row).changes > 0;
  }

  /** Removes an item; returns whether it was there. */
  removeItem(workspace: string, queueId: string, itemId: string): boolean {
    return this.#removeItem.run(workspace, queueId, itemId).changes > 0;
  }

  /** The items of a queue that have one of these ids, in the order of their ids. */
  itemsAmong(workspace: string, queueId: string, ids: readonly string[]): string[] {
    const where = [
      sql`workspace = ${workspace} AND queue_id = ${queueId}`,
      sql`item_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
    ];
    return this.#items
      .where(where)
      .map(({ item_id }) => item_id)
      .toSorted();
  }

  countItems(workspace: string, queueId: string): number {
    return this.#countItems.get(workspace, queueId) ?? 0;
  }

  /** Some items of a queue in the order of their ids, from the one after `after` on. */
  itemsAfter(workspace: string, queueId: string, after: string | undefined, limit: number): string[] {
    const rows = this.#items.page({
      where: [sql`workspace = ${workspace} AND queue_id = ${queueId}`],
      order: { columns: ["item_id"], descending: false },
      after: after === undefined ? undefined : [after],
      limit,
    });
    return rows.map(({ item_id }) => item_id);
  }

  /** Deletes the items that were added at `time` or before; returns whether there may be more. */
  deleteItemsCreated(time: number): boolean {
    return this.#deleteItemsCreated.run(time);
  }
}
