import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { EntityType } from "../entity.ts";

/** The comments on traces, spans and threads. */
export const COMMENTS = new Table("comments", {
  workspace: text().internal(),
  id: text(),
  entity_type: text<EntityType>().internal(),
  entity_id: text().internal(),
  text: text().changing(),
  source_queue_id: text().nullable(),
  created_at: time(),
  last_updated_at: time().changing(),
  created_by: text(),
  last_updated_by: text().changing(),
});
export type CommentRow = Row<typeof COMMENTS>;

/** The SQL of comments. */
export class CommentStore {
  readonly #insert;
  readonly #find;
  readonly #ofEntities;
  readonly #update;
  readonly #delete;
  readonly #deleteOf;
  readonly #deleteCreated;

  constructor(database: Database) {
    this.#insert = COMMENTS.insert(database);
    this.#find = database.prepare<[string, string], CommentRow>(
      `SELECT ${COMMENTS.list} FROM comments WHERE workspace = +? AND id = +?`,
    );
    this.#ofEntities = database.prepare<[string, EntityType, string], CommentRow>(
      `SELECT ${COMMENTS.list} FROM comments INDEXED BY comments_of_entity
       WHERE workspace = +? AND entity_type = +? AND entity_id IN (SELECT value FROM json_each(?))`,
    );
    this.#update = database.prepare<[CommentRow]>(
      `UPDATE comments SET ${COMMENTS.assignments} WHERE workspace = +:workspace AND id = +:id`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM comments WHERE workspace = +? AND id = +?");
    this.#deleteOf = database.prepare<[string, EntityType, string]>(
      `DELETE FROM comments INDEXED BY comments_of_entity
       WHERE workspace = +? AND entity_type = +? AND entity_id IN (SELECT value FROM json_each(?))`,
    );
    this.#deleteCreated = new SlicedDeletion(database, {
      table: COMMENTS.name,
      key: ["workspace", "id"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  insert(row: CommentRow): void {
    this.#insert.run(row);
  }

  find(workspace: string, id: string): CommentRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** The comments on these things, in any order. */
  ofEntities(workspace: string, type: EntityType, ids: readonly string[]): CommentRow[] {
    return this.#ofEntities.all(workspace, type, JSON.stringify(ids));
  }

  /** Writes the columns of a comment that can change. */
  update(row: CommentRow): void {
    this.#update.run(row);
  }

  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }

  /** Deletes all comments on these things. */
  deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    this.#deleteOf.run(workspace, type, JSON.stringify(ids));
  }

  /** Deletes the comments that were made at `time` or before. */
  deleteCreated(time: number): boolean {
    return this.#deleteCreated.run(time);
  }
}
