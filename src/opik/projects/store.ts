import type { Database } from "../../database/database.ts";
import type { ProjectVisibility } from "./schema.ts";

export interface ProjectRow {
  id: string;
  workspace: string;
  name: string;
  description: string | null;
  visibility: ProjectVisibility;
  created_at: number;
  created_by: string;
  last_updated_at: number;
  last_updated_by: string;
  /** ISO 8601; `null` while the project has no trace. */
  last_updated_trace_at: string | null;
}

const COLUMNS = `id, workspace, name, description, visibility, created_at, created_by, last_updated_at, last_updated_by,
  last_updated_trace_at`;

/** The SQL of projects. Names are compared without regard to case. */
export class ProjectStore {
  readonly #insert;
  readonly #find;
  readonly #findByName;
  readonly #nameOf;
  readonly #list;
  readonly #all;
  readonly #describe;
  readonly #setLastUpdatedTraceAt;
  readonly #delete;

  constructor(database: Database) {
    this.#insert = database.prepare<[ProjectRow]>(
      `INSERT INTO projects (${COLUMNS}) VALUES (:id, :workspace, :name, :description, :visibility, :created_at, :created_by,
       :last_updated_at, :last_updated_by, :last_updated_trace_at)`,
    );
    this.#find = database.prepare<[string, string], ProjectRow>(
      `SELECT ${COLUMNS} FROM projects WHERE id = ? AND workspace = ?`,
    );
    this.#findByName = database.prepare<[string, string], ProjectRow>(
      `SELECT ${COLUMNS} FROM projects WHERE workspace = ? AND name = ?`,
    );
    this.#nameOf = database.prepare<[string], string>("SELECT name FROM projects WHERE id = ?").pluck();
    this.#list = database.prepare<[string], ProjectRow>(
      `SELECT ${COLUMNS} FROM projects WHERE workspace = ? ORDER BY id DESC`,
    );
    this.#all = database.prepare<[], ProjectRow>(`SELECT ${COLUMNS} FROM projects ORDER BY workspace, name, id`);
    this.#describe = database.prepare<[string | null, ProjectVisibility, string]>(
      "UPDATE projects SET description = ?, visibility = ? WHERE id = ?",
    );
    // Without the Z, more digits of the same second sort behind fewer.
    this.#setLastUpdatedTraceAt = database.prepare<[{ id: string; at: string }]>(
      `UPDATE projects SET last_updated_trace_at = :at
       WHERE id = :id AND rtrim(coalesce(last_updated_trace_at, ''), 'Z') < rtrim(:at, 'Z')`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM projects WHERE id = ? AND workspace = ?");
  }

  insert(row: ProjectRow): void {
    this.#insert.run(row);
  }

  find(workspace: string, id: string): ProjectRow | undefined {
    return this.#find.get(id, workspace);
  }

  findByName(workspace: string, name: string): ProjectRow | undefined {
    return this.#findByName.get(workspace, name);
  }

  /** The name of a project of any workspace. */
  nameOf(id: string): string | undefined {
    return this.#nameOf.get(id);
  }

  /** All projects of a workspace, the newest id first. */
  list(workspace: string): ProjectRow[] {
    return this.#list.all(workspace);
  }

  /** All projects of all workspaces, by workspace and name. */
  all(): ProjectRow[] {
    return this.#all.all();
  }

  describe(id: string, description: string | null, visibility: ProjectVisibility): void {
    this.#describe.run(description, visibility, id);
  }

  /** Moves the time of the project's newest trace forward, never back. */
  setLastUpdatedTraceAt(id: string, at: string): void {
    this.#setLastUpdatedTraceAt.run({ id, at });
  }

  /** Returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(id, workspace).changes > 0;
  }
}
