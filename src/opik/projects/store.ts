import type { LongList } from "../../core/long-list.ts";
import { printTimestamp } from "../../core/timestamps.ts";
import { column, text } from "../../database/column.ts";
import type { Database } from "../../database/database.ts";
import { bytesOf, rowsInParts, type SizedRow } from "../../database/rows-in-parts.ts";
import { Search } from "../../database/search.ts";
import { allOf, Sql, sql } from "../../database/sql.ts";
import { type Row, Table } from "../../database/table.ts";
import { time } from "../wire/columns.ts";
import type { Sorting } from "../wire/sorting.ts";
import type { ProjectVisibility, SortableProjectField } from "./schema.ts";

/** Times of traces, which are kept as they were received: ISO 8601. */
const traceTime = column<string, string>({ toField: printTimestamp, toStored: (field) => field });

export const PROJECTS = new Table("projects", {
  id: text(),
  workspace: text().internal(),
  name: text().changing(),
  /** The key by which names are compared. */
  name_key: text().internal().changing(),
  visibility: text<ProjectVisibility>().changing(),
  description: text().nullable().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
  /** `null` while the project has no trace; `setLastUpdatedTraceAt` changes it. */
  last_updated_trace_at: traceTime.nullable(),
});

export type ProjectRow = Row<typeof PROJECTS>;
export type ProjectName = Pick<ProjectRow, "id" | "name" | "workspace">;

/** Which projects of a workspace, in which order. */
export interface ProjectSearch {
  workspace: string;
  /** A `LIKE` pattern for the key of the name, with `\\` before literal characters. */
  pattern: string | null;
  sorting: Sorting<SortableProjectField>;
  limit: number;
  offset: number;
}

/** What a field is sorted by. Without the Z, more digits of the same second sort behind fewer. */
const SORTED_BY = {
  id: "id",
  name: "name_key",
  last_updated_at: "last_updated_at",
  created_at: "created_at",
  last_updated_trace_at: "rtrim(last_updated_trace_at, 'Z')",
} as const satisfies Record<SortableProjectField, string>;

/** The SQL of projects. Names are compared by their keys. */
export class ProjectStore {
  readonly #insert;
  readonly #find;
  readonly #findByKey;
  readonly #nameOf;
  readonly #search: Search<SizedRow>;
  readonly #all;
  readonly #names;
  readonly #update;
  readonly #setLastUpdatedTraceAt;
  readonly #delete;

  constructor(database: Database) {
    this.#insert = PROJECTS.insert(database);
    this.#find = database.prepare<[string, string], ProjectRow>(
      `SELECT ${PROJECTS.list} FROM projects WHERE id = ? AND workspace = ?`,
    );
    this.#findByKey = database.prepare<[string, string], ProjectRow>(
      `SELECT ${PROJECTS.list} FROM projects WHERE workspace = ? AND name_key = ?`,
    );
    this.#nameOf = database.prepare<[string], string>("SELECT name FROM projects WHERE id = ?").pluck();
    this.#search = new Search(database, `id, ${bytesOf(["name", "description"])} AS bytes`, "projects");
    this.#all = database.prepare<[], ProjectRow>(
      `SELECT ${PROJECTS.list} FROM projects ORDER BY workspace, name_key, id`,
    );
    this.#names = database.prepare<[], ProjectName>(
      "SELECT id, name, workspace FROM projects ORDER BY workspace, name_key, id",
    );
    this.#update = PROJECTS.update(database);
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

  findByKey(workspace: string, nameKey: string): ProjectRow | undefined {
    return this.#findByKey.get(workspace, nameKey);
  }

  /** The name of a project of any workspace. */
  nameOf(id: string): string | undefined {
    return this.#nameOf.get(id);
  }

  /**
   * One page of the projects that are searched for, whose rows are read when they are needed: how many there are on it
   * (`size`) and in all.
   */
  page({ sorting, ...search }: ProjectSearch): { total: number; size: number; rows: LongList<ProjectRow> } {
    const { workspace, pattern, limit, offset } = search;
    const matches = pattern === null ? undefined : sql`name_key LIKE ${pattern} ESCAPE '\\'`;
    const where = [sql`workspace = ${workspace}`, matches];
    const rows = this.#search.all(
      sql`WHERE ${allOf(where)} ORDER BY ${orderOf(sorting)} LIMIT ${limit} OFFSET ${offset}`,
    );
    return {
      total: this.#search.count(where),
      size: rows.length,
      rows: rowsInParts(rows, (id) => this.find(workspace, id)),
    };
  }

  /** All projects of all workspaces, by workspace and name. */
  all(): ProjectRow[] {
    return this.#all.all();
  }

  /** Their names, in the same order. */
  names(): ProjectName[] {
    return this.#names.all();
  }

  /** Writes the columns of a project that can change. */
  update(row: ProjectRow): void {
    this.#update.run(row);
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

function orderOf({ field, descending }: Sorting<SortableProjectField>): Sql {
  return new Sql(`${SORTED_BY[field]} ${descending ? "DESC" : "ASC"}, id DESC`);
}
