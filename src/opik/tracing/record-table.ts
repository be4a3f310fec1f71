import type { LongList } from "../../core/long-list.ts";
import type { Database } from "../../database/database.ts";
import { bytesOf, rowsInParts, type SizedRow } from "../../database/rows-in-parts.ts";
import { SlicedDeletion } from "../../database/sliced-deletion.ts";
import { SlicedSearch } from "../../database/sliced-search.ts";
import type { Statement } from "../../database/statement.ts";

/** Which rows of a list: those that are equal in each of these columns; `undefined` is no condition. */
export type Conditions = Readonly<Record<string, string | undefined>>;

/**
 * The SQL that the tables of traces and of spans share. Rows are written as a whole; lists have the newest id first.
 */
export class RecordTable<Row extends { workspace: string; id: string; created_at: number }> {
  /** Searches the rows. */
  readonly search: SlicedSearch;
  readonly #database: Database;
  readonly #table: string;
  readonly #columns: string;
  /** About how large a row is, in SQL. */
  readonly #bytes: string;
  readonly #save;
  readonly #find;
  readonly #delete;
  readonly #deleteCreated;
  /** The statements of lists, by the columns of their conditions. */
  readonly #lists = new Map<string, { page: Statement<[object], SizedRow>; count: Statement<[object], number> }>();

  constructor(database: Database, table: string, columns: ReadonlyArray<keyof Row & string>) {
    this.#database = database;
    this.#table = table;
    this.#columns = columns.join(", ");
    this.#bytes = bytesOf(columns.filter((column) => column.endsWith("_json") || column === "name"));
    this.search = new SlicedSearch(database, table, this.#bytes);
    const values = columns.map((column) => `:${column}`).join(", ");
    const updates = columns.map((column) => `${column} = excluded.${column}`).join(", ");
    this.#save = database.prepare<[Row]>(
      `INSERT INTO ${table} (${this.#columns}) VALUES (${values}) ON CONFLICT (workspace, id) DO UPDATE SET ${updates}`,
    );
    this.#find = database.prepare<[string, string], Row>(
      `SELECT ${this.#columns} FROM ${table} WHERE workspace = ? AND id = ?`,
    );
    this.#delete = database.prepare<[string, string]>(`DELETE FROM ${table} WHERE workspace = ? AND id = ?`);
    this.#deleteCreated = new SlicedDeletion(database, {
      table,
      key: ["sequence"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  /** Writes a row, in place of the one that has its id. */
  save(row: Row): void {
    this.#save.run(row);
  }

  find(workspace: string, id: string): Row | undefined {
    return this.#find.get(workspace, id);
  }

  /** Deletes a row, if there is one. */
  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }

  /** Deletes the rows of all workspaces that were first written at `time` or before. */
  deleteCreated(time: number): boolean {
    return this.#deleteCreated.run(time);
  }

  /** Rows are read when they are needed; `size` is how many there are. */
  page(
    workspace: string,
    conditions: Conditions,
    limit: number,
    offset: number,
  ): { total: number; size: number; rows: LongList<Row> } {
    const columns = Object.keys(conditions).filter((column) => conditions[column] !== undefined);
    const { page, count } = this.#listBy(["workspace", ...columns]);
    const values = { workspace, ...conditions };
    const rows = page.all({ ...values, limit, offset });
    return {
      total: count.get(values) ?? 0,
      size: rows.length,
      rows: rowsInParts(rows, (id) => this.find(workspace, id)),
    };
  }

  #listBy(columns: string[]): { page: Statement<[object], SizedRow>; count: Statement<[object], number> } {
    const where = columns.map((column) => `${column} = +:${column}`).join(" AND ");
    const known = this.#lists.get(where);
    if (known !== undefined) return known;
    const page = this.#database.prepare<[object], SizedRow>(
      `SELECT id, ${this.#bytes} AS bytes FROM ${this.#table} WHERE ${where} ORDER BY id DESC LIMIT +:limit OFFSET +:offset`,
    );
    const count = this.#database
      .prepare<[object], number>(`SELECT count(*) FROM ${this.#table} WHERE ${where}`)
      .pluck();
    const statements = { page, count };
    this.#lists.set(where, statements);
    return statements;
  }
}
