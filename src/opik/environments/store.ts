import { integer, text } from "../../database/column.ts";
import type { Database } from "../../database/database.ts";
import { type Row, Table } from "../../database/table.ts";
import { time } from "../wire/columns.ts";

export const ENVIRONMENTS = new Table("environments", {
  workspace: text().internal(),
  id: text(),
  name: text().changing(),
  description: text().nullable().changing(),
  color: text().changing(),
  position: integer().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
});

export type EnvironmentRow = Row<typeof ENVIRONMENTS>;

/** The SQL of environments. Their names are unique in a workspace whatever their case. */
export class EnvironmentStore {
  readonly #insert;
  readonly #find;
  readonly #findByName;
  readonly #list;
  readonly #count;
  readonly #update;
  readonly #delete;

  constructor(database: Database) {
    this.#insert = ENVIRONMENTS.insert(database);
    this.#find = database.prepare<[string, string], EnvironmentRow>(
      `SELECT ${ENVIRONMENTS.list} FROM environments WHERE workspace = ? AND id = ?`,
    );
    this.#findByName = database.prepare<[string, string], EnvironmentRow>(
      `SELECT ${ENVIRONMENTS.list} FROM environments WHERE workspace = ? AND name = ?`,
    );
    this.#list = database.prepare<[string], EnvironmentRow>(
      `SELECT ${ENVIRONMENTS.list} FROM environments WHERE workspace = +? ORDER BY sequence`,
    );
    this.#count = database.prepare<[string], number>("SELECT count(*) FROM environments WHERE workspace = ?").pluck();
    this.#update = database.prepare<[EnvironmentRow]>(
      `UPDATE environments SET ${ENVIRONMENTS.assignments} WHERE workspace = :workspace AND id = :id`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM environments WHERE workspace = ? AND id = ?");
  }

  insert(row: EnvironmentRow): void {
    this.#insert.run(row);
  }

  find(workspace: string, id: string): EnvironmentRow | undefined {
    return this.#find.get(workspace, id);
  }

  findByName(workspace: string, name: string): EnvironmentRow | undefined {
    return this.#findByName.get(workspace, name);
  }

  /** All environments of a workspace, the oldest first. */
  list(workspace: string): EnvironmentRow[] {
    return this.#list.all(workspace);
  }

  count(workspace: string): number {
    return this.#count.get(workspace) ?? 0;
  }

  /** Writes the columns of a environment that can change. */
  update(row: EnvironmentRow): void {
    this.#update.run(row);
  }

  /** Returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }
}
