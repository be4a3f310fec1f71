import type { LongList } from "../../core/long-list.ts";
import { type BlockTables, type CountedRow, IdBlocks } from "../../database/blocks.ts";
import type { Database } from "../../database/database.ts";
import { bytesOf, rowsInParts, type SizedRow } from "../../database/rows-in-parts.ts";
import { type Order, Search } from "../../database/search.ts";
import { SlicedDeletion } from "../../database/sliced-deletion.ts";
import { SlicedSearch } from "../../database/sliced-search.ts";
import { equals } from "../../database/sql.ts";
import type { Columns, Table } from "../../database/table.ts";
import { MetadataIndex } from "./metadata-index.ts";

/** Which rows of a list: those that are equal in each of these columns; `undefined` is no condition. */
export type Conditions = Readonly<Record<string, string | undefined>>;

/** The columns of such a table. */
export type RecordColumns = Pick<Table<Columns>, "name" | "columns" | "list" | "insertion">;

/** What statistics are computed from: 1 for what a record has, and how many tags. */
export interface MeasuredRow {
  id: string;
  start_time: string | null;
  end_time: string | null;
  input: 0 | 1;
  output: 0 | 1;
  metadata: 0 | 1;
  tags: number;
  error: 0 | 1;
}

/** What records are grouped by, as far as they have it. */
export interface GroupedRow {
  tags_json: string | null;
  name?: string | null;
  metadata_json?: string | null;
  error_info_json?: string | null;
  model?: string | null;
  provider?: string | null;
  type?: string | null;
}

const GROUPED = ["tags_json", "name", "metadata_json", "error_info_json", "model", "provider", "type"];

const NEWEST: Order = { columns: ["id"], descending: true };

/**
 * The SQL that the tables of traces and of spans share. Rows are written as a whole; lists have the newest id first.
 */
export class RecordTable<Row extends CountedRow & { created_at: number }> {
  /** Searches the rows. */
  readonly search: SlicedSearch;
  /** Serves filters on metadata. */
  readonly metadata: MetadataIndex;
  readonly #pages: Search<SizedRow>;
  readonly #blocks: IdBlocks;
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #findAll;
  readonly #delete;
  readonly #measured;
  readonly #grouped;
  readonly #deleteCreated;

  /**
   * @param table its columns
   * @param blocks the tables that count its rows for each project
   * @param metadata the table with the values of its metadata
   */
  constructor(
    database: Database,
    table: RecordColumns,
    { blocks, metadata }: { blocks: BlockTables; metadata: string },
  ) {
    const { name, columns, list, insertion } = table;
    const bytes = bytesOf(columns.filter((column) => column.endsWith("_json") || column === "name"));
    this.#blocks = new IdBlocks(database, blocks);
    this.search = new SlicedSearch(database, name, bytes, { blocks: this.#blocks, index: metadata });
    this.metadata = new MetadataIndex(database, name, metadata);
    this.#pages = new Search(database, `id, ${bytes} AS bytes`, name);
    const updates = columns.map((column) => `${column} = :${column}`).join(", ");
    this.#insert = database.prepare<[Row]>(insertion);
    this.#update = database.prepare<[Row]>(`UPDATE ${name} SET ${updates} WHERE workspace = :workspace AND id = :id`);
    this.#findAll = database.prepare<[string, string], Row>(
      `SELECT ${list} FROM ${name} WHERE workspace = +? AND id IN (SELECT value FROM json_each(?))`,
    );
    this.#find = database.prepare<[string, string], Row>(`SELECT ${list} FROM ${name} WHERE workspace = ? AND id = ?`);
    this.#delete = database.prepare<[string, string]>(`DELETE FROM ${name} WHERE workspace = ? AND id = ?`);
    this.#measured = database.prepare<[string, string], MeasuredRow>(
      `SELECT id, start_time, end_time, input_json IS NOT NULL AS input, output_json IS NOT NULL AS output,
       metadata_json IS NOT NULL AS metadata, json_array_length(coalesce(tags_json, '[]')) AS tags,
       error_info_json IS NOT NULL AS error
       FROM ${name} WHERE workspace = +? AND id IN (SELECT value FROM json_each(?))`,
    );
    const grouped = GROUPED.filter((column) => columns.includes(column)).join(", ");
    this.#grouped = database.prepare<[string, string], GroupedRow>(
      `SELECT ${grouped} FROM ${name} WHERE workspace = ? AND id = ?`,
    );
    this.#deleteCreated = new SlicedDeletion(database, {
      table: name,
      key: ["sequence"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  /** Adds rows whose ids are new. It needs an open transaction. */
  insert(rows: readonly Row[]): void {
    for (const row of rows) this.#insert.run(row);
    this.#blocks.add(rows);
  }

  /** Writes rows in place of those that have their ids. */
  update(rows: readonly Row[]): void {
    for (const row of rows) this.#update.run(row);
  }

  /** The rows of these ids that are there, by their ids. */
  findAll(workspace: string, ids: readonly string[]): Map<string, Row> {
    return new Map(this.#findAll.all(workspace, JSON.stringify(ids)).map((row) => [row.id, row]));
  }

  find(workspace: string, id: string): Row | undefined {
    return this.#find.get(workspace, id);
  }

  /** What statistics are computed from, of these rows in any order. */
  measured(workspace: string, ids: readonly string[]): MeasuredRow[] {
    return this.#measured.all(workspace, JSON.stringify(ids));
  }

  /** What a row is grouped by. */
  grouped(workspace: string, id: string): GroupedRow | undefined {
    return this.#grouped.get(workspace, id);
  }

  /** Deletes a row, if there is one. */
  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }

  /** Deletes the rows of all workspaces that were first written at `time` or before. */
  deleteCreated(time: number): boolean {
    return this.#deleteCreated.run(time);
  }

  /** Rows of a project, which are read when they are needed; `size` is how many there are. */
  page(
    workspace: string,
    { project_id, ...others }: Conditions & { project_id: string },
    limit: number,
    offset: number,
  ): { total: number; size: number; rows: LongList<Row> } {
    const ofProject = [equals("workspace", workspace), equals("project_id", project_id)].filter(
      (condition) => condition !== undefined,
    );
    const more = Object.entries(others)
      .map(([column, value]) => equals(column, value))
      .filter((condition) => condition !== undefined);
    const where = [...ofProject, ...more];
    const isCounted = more.length === 0;
    const { total, place } = isCounted
      ? this.#blocks.find(ofProject, offset)
      : { total: this.#pages.count(where), place: { before: undefined, skip: offset } };
    const after = place?.before === undefined ? undefined : [place.before];
    const rows =
      place === undefined ? [] : this.#pages.page({ where, order: NEWEST, after, limit, offset: place.skip });
    return { total, size: rows.length, rows: rowsInParts(rows, (id) => this.find(workspace, id)) };
  }
}
