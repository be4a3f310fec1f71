import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Order, Search } from "../../../database/search.ts";
import type { Sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { DashboardScope, DashboardType } from "./schema.ts";

export const DASHBOARDS = new Table("dashboards", {
  workspace: text().internal(),
  id: text(),
  project_id: text().nullable(),
  name: text().changing(),
  /** The key by which names are compared. */
  name_key: text().internal().changing(),
  slug: text().changing(),
  type: text<DashboardType>().changing(),
  scope: text<DashboardScope>(),
  description: text().nullable().changing(),
  config_json: json().changing(),
  created_by: text(),
  last_updated_by: text().changing(),
  created_at: time(),
  last_updated_at: time().changing(),
});

export type DashboardRow = Row<typeof DASHBOARDS>;

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
    this.#dashboards = new Search(database, DASHBOARDS.list, "dashboards");
    this.#insert = DASHBOARDS.insert(database);
    this.#find = database.prepare<[string, string], DashboardRow>(
      `SELECT ${DASHBOARDS.list} FROM dashboards WHERE workspace = ? AND id = ?`,
    );
    this.#hasSlug = database
      .prepare<[string, string], number>("SELECT 1 FROM dashboards WHERE workspace = ? AND slug = ?")
      .pluck();
    this.#update = database.prepare<[DashboardRow]>(
      `UPDATE dashboards SET ${DASHBOARDS.assignments} WHERE workspace = :workspace AND id = :id`,
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

  /** Writes the columns of a dashboard that can change. */
  update(row: DashboardRow): void {
    this.#update.run(row);
  }

  /** Deletes a dashboard; returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }
}
