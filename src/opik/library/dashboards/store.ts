import type { Database } from "../../../database/database.ts";
import { type Order, Search } from "../../../database/search.ts";
import type { Sql } from "../../../database/sql.ts";
import type { DashboardScope, DashboardType } from "./schema.ts";

export interface DashboardRow {
  workspace: string;
  id: string;
  project_id: string | null;
  name: string;
  /** What equal names have in common. */
  name_key: string;
  slug: string;
  type: DashboardType;
  scope: DashboardScope;
  description: string | null;
  config_json: string;
  created_at: number;
  created_by: string;
  last_updated_at: number;
  last_updated_by: string;
}

const COLUMNS = `workspace, id, project_id, name, name_key, slug, type, scope, description, config_json, created_at,
  created_by, last_updated_at, last_updated_by`;

/** A page of a list. */
export interface ListQuery {
  where: ReadonlyArray<Sql | undefined>;
  order: Order;
  limit: number;
  offset: number;
}

/** The SQL of dashboards. */
export class DashboardStore {
  readonly #dashboards: Search<DashboardRow>;
  readonly #insert;
  readonly #find;
  readonly #hasSlug;
  readonly #update;
  readonly #delete;

  constructor(database: Database) {
    this.#dashboards = new Search(database, COLUMNS, "dashboards");
    this.#insert = database.prepare<[DashboardRow]>(
      `INSERT INTO dashboards (${COLUMNS}) VALUES (:workspace, :id, :project_id, :name, :name_key, :slug, :type, :scope,
       :description, :config_json, :created_at, :created_by, :last_updated_at, :last_updated_by)`,
    );
    this.#find = database.prepare<[string, string], DashboardRow>(
      `SELECT ${COLUMNS} FROM dashboards WHERE workspace = ? AND id = ?`,
    );
    this.#hasSlug = database
      .prepare<[string, string], number>("SELECT 1 FROM dashboards WHERE workspace = ? AND slug = ?")
      .pluck();
    this.#update = database.prepare<[DashboardRow]>(
      `UPDATE dashboards SET name = :name, name_key = :name_key, slug = :slug, type = :type, description = :description,
       config_json = :config_json, last_updated_at = :last_updated_at, last_updated_by = :last_updated_by
       WHERE workspace = :workspace AND id = :id`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM dashboards WHERE workspace = ? AND id = ?");
  }

  insert(row: DashboardRow): void {
    this.#insert.run(row);
  }

  find(workspace: string, id: string): DashboardRow | undefined {
    return this.#find.get(workspace, id);
  }

  hasSlug(workspace: string, slug: string): boolean {
    return this.#hasSlug.get(workspace, slug) !== undefined;
  }

  /** One page of dashboards, and how many there are in all. */
  list(query: ListQuery): { total: number; rows: DashboardRow[] } {
    return { total: this.#dashboards.count(query.where), rows: this.#dashboards.page(query) };
  }

  /** Writes what of a dashboard can be changed. */
  update(row: DashboardRow): void {
    this.#update.run(row);
  }

  /** Deletes a dashboard, if there is one. */
  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }
}
