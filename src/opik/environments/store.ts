import type { Database } from "../../database/database.ts";

export interface EnvironmentRow {
  workspace: string;
  id: string;
  name: string;
  description: string | null;
  color: string;
  position: number;
  created_at: number;
  created_by: string;
  last_updated_at: number;
  last_updated_by: string;
}

const COLUMNS =
  "workspace, id, name, description, color, position, created_at, created_by, last_updated_at, last_updated_by";

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
    this.#insert = database.prepare<[EnvironmentRow]>(
      `INSERT INTO environments (${COLUMNS}) VALUES (:workspace, :id, :name, :description, :color, :position,
       :created_at, :created_by, :last_updated_at, :last_updated_by)`,
    );
    this.#find = database.prepare<[string, string], EnvironmentRow>(
      `SELECT ${COLUMNS} FROM environments WHERE workspace = ? AND id = ?`,
    );
    this.#findByName = database.prepare<[string, string], EnvironmentRow>(
      `SELECT ${COLUMNS} FROM environments WHERE workspace = ? AND name = ?`,
    );
    this.#list = database.prepare<[string], EnvironmentRow>(
      `SELECT ${COLUMNS} FROM environments WHERE workspace = +? ORDER BY sequence`,
    );
    this.#count = database.prepare<[string], number>("SELECT count(*) FROM environments WHERE workspace = ?").pluck();
    this.#update = database.prepare<[EnvironmentRow]>(
      `UPDATE environments SET name = :name, description = :description, color = :color, position = :position,
       last_updated_at = :last_updated_at, last_updated_by = :last_updated_by WHERE workspace = :workspace AND id = :id`,
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

  /** Writes what of an environment can be changed. */
  update(row: EnvironmentRow): void {
    this.#update.run(row);
  }

  /** Returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }
}
