import type { Database } from "../../../database/database.ts";

export interface ProjectRow {
  id: string;
  org_id: string;
  name: string;
  created_at: number;
}

/** The SQL of projects. */
export class ProjectStore {
  readonly #insert;
  readonly #insertMissing;
  readonly #find;
  readonly #page;
  readonly #ofOrganisation;
  readonly #delete;

  constructor(database: Database) {
    const values = "(id, org_id, name, created_at) VALUES (:id, :org_id, :name, :created_at)";
    this.#insert = database.prepare<[ProjectRow]>(`INSERT INTO executor_projects ${values}`);
    this.#insertMissing = database.prepare<[ProjectRow]>(`INSERT OR IGNORE INTO executor_projects ${values}`);
    this.#find = database.prepare<[string], ProjectRow>("SELECT * FROM executor_projects WHERE id = ?");
    this.#page = database.prepare<[{ time: number; id: string; limit: number }], ProjectRow>(
      `SELECT * FROM executor_projects WHERE (created_at, id) < (:time, :id)
       ORDER BY created_at DESC, id DESC LIMIT +:limit`,
    );
    this.#ofOrganisation = database.prepare<[string, number], ProjectRow>(
      "SELECT * FROM executor_projects WHERE org_id = +? ORDER BY created_at DESC, id DESC LIMIT +?",
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
