import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const PROJECTS = new Table("executor_projects", {
  id: text(),
  org_id: text(),
  name: text(),
  created_at: time(),
});

export type ProjectRow = Row<typeof PROJECTS>;

/** The SQL of projects. */
export class ProjectStore {
  readonly #insert;
  readonly #insertMissing;
  readonly #find;
  readonly #page;
  readonly #ofOrganisation;
  readonly #delete;

  constructor(database: Database) {
    this.#insert = PROJECTS.insert(database);
    this.#insertMissing = database.prepare<[ProjectRow]>(`${PROJECTS.insertion} ON CONFLICT (id) DO NOTHING`);
    this.#find = database.prepare<[string], ProjectRow>(`SELECT ${PROJECTS.list} FROM executor_projects WHERE id = ?`);
    this.#page = database.prepare<[{ time: number; id: string; limit: number }], ProjectRow>(
      `SELECT ${PROJECTS.list} FROM executor_projects WHERE (created_at, id) < (:time, :id)
       ORDER BY created_at DESC, id DESC LIMIT +:limit`,
    );
    this.#ofOrganisation = database.prepare<[string, number], ProjectRow>(
      `SELECT ${PROJECTS.list} FROM executor_projects WHERE org_id = +? ORDER BY created_at DESC, id DESC LIMIT +?`,
    );
    this.#delete = database.prepare<[string]>("DELETE FROM executor_projects WHERE id = ?");
  }

  insert(row: ProjectRow): void {
    this.#insert.run(row);
  }

  insertMissing(row: ProjectRow): void {
    this.#insertMissing.run(row);
  }

  find(id: string): ProjectRow | undefined {
    return this.#find.get(id);
  }

  /** Newest first. */
  page(bounds: { time: number; id: string }, limit: number): ProjectRow[] {
    return this.#page.all({ ...bounds, limit });
  }

  /** Newest first. */
  ofOrganisation(orgId: string, limit: number): ProjectRow[] {
    return this.#ofOrganisation.all(orgId, limit);
  }

  delete(id: string): void {
    this.#delete.run(id);
  }
}
