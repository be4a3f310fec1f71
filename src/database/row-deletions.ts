import type { Database } from "./database.ts";
import type { Statement } from "./statement.ts";

/** Deletes the rows of a table, if it has any. */
interface Deletion {
  table: string;
  hasRows: Statement<[], number>;
  deleteRows: Statement<[], unknown>;
}

/**
 * Deletes rows of all tables, in an open transaction. Rows that belong to others are deleted with them, so tables have no
 * order, and the pragma that would defer foreign keys is not needed: it makes SQLite prepare all statements anew.
 */
export class RowDeletions {
  readonly #database: Database;
  #ofAll: readonly Deletion[] | undefined;
  #ofWorkspace: ReadonlyArray<Statement<[string], unknown>> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The tables, with that of SQLite's counters. */
  tables(): string[] {
    return this.#namesOf(
      `SELECT name FROM sqlite_master
       WHERE type = 'table' AND (name = 'sqlite_sequence' OR name NOT LIKE 'sqlite\\_%' ESCAPE '\\')`,
    );
  }

  /** Deletes all rows of the tables for which `isDeleted` returns true. */
  deleteAll(isDeleted: (table: string) => boolean): void {
    this.#ofAll ??= this.tables().map((table) => this.#deletionOf(table));
    for (const { table, hasRows, deleteRows } of this.#ofAll) {
      if (isDeleted(table) && hasRows.get() !== undefined) deleteRows.run();
    }
  }

  /** Deletes the rows of a workspace, with the rows that belong to those. */
  deleteWorkspace(workspace: string): void {
    this.#ofWorkspace ??= this.#namesOf(
      `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c.name = 'workspace'`,
    ).map((table) => this.#database.prepare<[string]>(`DELETE FROM "${table}" WHERE workspace = ?`));
    for (const deletion of this.#ofWorkspace) deletion.run(workspace);
  }

  #deletionOf(table: string): Deletion {
    return {
      table,
      hasRows: this.#database.prepare<[], number>(`SELECT 1 FROM "${table}" LIMIT 1`).pluck(),
      deleteRows: this.#database.prepare<[]>(`DELETE FROM "${table}"`),
    };
  }

  #namesOf(sql: string): string[] {
    return this.#database.prepare<[], string>(sql).pluck().all();
  }
}
