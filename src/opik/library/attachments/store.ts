import { integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { EntityType } from "./schema.ts";

export const ATTACHMENTS = new Table("attachments", {
  workspace: text(),
  project_id: text(),
  entity_type: text<EntityType>(),
  entity_id: text(),
  file_name: text(),
  mime_type: text().changing(),
  /** In bytes. */
  size: integer().changing(),
  file_id: text().changing(),
  created_at: time().changing(),
});

export type AttachmentRow = Row<typeof ATTACHMENTS>;

/** The trace or span of an attachment. */
export type AttachmentOwner = Pick<AttachmentRow, "workspace" | "project_id" | "entity_type" | "entity_id">;

const OF_ENTITY =
  "workspace = +:workspace AND entity_type = +:entity_type AND entity_id = +:entity_id AND project_id = +:project_id";

/** The SQL of attachments. */
export class AttachmentStore {
  readonly #save;
  readonly #find;
  readonly #exists;
  readonly #count;
  readonly #page;
  readonly #delete;
  readonly #deleteOf;
  readonly #deleteCreated;

  constructor(database: Database) {
    this.#save = database.prepare<[AttachmentRow]>(
      `${ATTACHMENTS.insertion} ON CONFLICT (workspace, entity_type, entity_id, project_id, file_name)
       DO UPDATE SET ${ATTACHMENTS.assignments}`,
    );
    this.#find = database.prepare<[AttachmentOwner & { file_name: string }], AttachmentRow>(
      `SELECT ${ATTACHMENTS.list} FROM attachments WHERE ${OF_ENTITY} AND file_name = :file_name`,
    );
    this.#exists = database.prepare<[string], number>("SELECT 1 FROM attachments WHERE file_id = ?").pluck();
    this.#count = database
      .prepare<[AttachmentOwner], number>(`SELECT count(*) FROM attachments WHERE ${OF_ENTITY}`)
      .pluck();
    this.#page = database.prepare<[AttachmentOwner & { limit: number; offset: number }], AttachmentRow>(
      `SELECT ${ATTACHMENTS.list} FROM attachments WHERE ${OF_ENTITY} ORDER BY file_name LIMIT +:limit OFFSET +:offset`,
    );
    this.#delete = database
      .prepare<[AttachmentOwner & { file_name: string }], string>(
        `DELETE FROM attachments WHERE ${OF_ENTITY} AND file_name = :file_name RETURNING file_id`,
      )
      .pluck();
    this.#deleteOf = database
      .prepare<[string, EntityType, string], string>(
        "DELETE FROM attachments WHERE workspace = ? AND entity_type = ? AND entity_id = ? RETURNING file_id",
      )
      .pluck();
    this.#deleteCreated = database
      .prepare<[number, number], string>(
        `DELETE FROM attachments WHERE file_id IN
           (SELECT file_id FROM attachments WHERE created_at <= +? ORDER BY created_at LIMIT +?) RETURNING file_id`,
      )
      .pluck();
  }

  /** Writes a row, in place of the one of the same entity and file name. */
  save(row: AttachmentRow): void {
    this.#save.run(row);
  }

  find(owner: AttachmentOwner, fileName: string): AttachmentRow | undefined {
    return this.#find.get({ ...owner, file_name: fileName });
  }

  /** Whether a file belongs to a row. */
  hasFile(fileId: string): boolean {
    return this.#exists.get(fileId) !== undefined;
  }

  /** One page of the attachments of a trace or span, by file name, and how many there are in all. */
  page(owner: AttachmentOwner, limit: number, offset: number): { total: number; rows: AttachmentRow[] } {
    return { total: this.#count.get(owner) ?? 0, rows: this.#page.all({ ...owner, limit, offset }) };
  }

  /** Deletes a row. Returns the ids of its file, if there was one. */
  delete(owner: AttachmentOwner, fileName: string): string[] {
    return this.#delete.all({ ...owner, file_name: fileName });
  }

  /** Deletes the rows of a trace or span. Returns the ids of their files. */
  deleteOf(workspace: string, type: EntityType, id: string): string[] {
    return this.#deleteOf.all(workspace, type, id);
  }

  /** Deletes some rows that are as old as `time` or older. Returns the ids of their files. */
  deleteCreated(time: number, limit: number): string[] {
    return this.#deleteCreated.all(time, limit);
  }
}
