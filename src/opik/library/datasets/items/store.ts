import type { LongList } from "../../../../core/long-list.ts";
import { integer, json, text } from "../../../../database/column.ts";
import type { Database } from "../../../../database/database.ts";
import { bytesOf, rowsInParts, type SizedRow } from "../../../../database/rows-in-parts.ts";
import { Search } from "../../../../database/search.ts";
import { type Sql, sql } from "../../../../database/sql.ts";
import { type Row, type RowOf, Table } from "../../../../database/table.ts";
import { time } from "../../../wire/columns.ts";
import type { ItemSource } from "./schema.ts";

const CONTENT = {
  source: text<ItemSource>(),
  trace_id: text().nullable(),
  span_id: text().nullable(),
  data_json: json(),
  description: text().nullable(),
  tags_json: json().nullable(),
  evaluators_json: json().nullable(),
  execution_policy_json: json().nullable(),
};

/** States of items: each is a part of the versions from the first up to and without the end. */
export const ITEMS = new Table("dataset_items", {
  workspace: text(),
  dataset_id: text(),
  item_id: text(),
  first_version: integer(),
  end_version: integer(),
  ...CONTENT,
  created_at: time(),
  created_by: text(),
  last_updated_at: time(),
  last_updated_by: text(),
});

export type ItemRow = Row<typeof ITEMS>;

/** What clients write of an item. */
export type ItemContent = RowOf<typeof CONTENT>;

/** A row as it is stored. */
interface StoredRow extends ItemRow {
  sequence: number;
}

/** How the items of two versions differ. */
export interface ItemDifference {
  added: number;
  modified: number;
  deleted: number;
}

/** The end of the states that the latest version has. */
export const NO_END = 2 ** 31 - 1;

/** The columns of which a difference is a modification [opik 10.3]. */
const COMPARED = ["data_json", "tags_json", "evaluators_json", "execution_policy_json"];

const NEWEST_FIRST = { columns: ["item_id"], descending: true };

/** The condition of the states that a version of a dataset has. */
function inVersion(datasetId: string, version: number): Sql {
  return sql`dataset_id = ${datasetId} AND first_version <= ${version} AND end_version > ${version}`;
}

/** The SQL of items. */
export class ItemStore {
  readonly #insert;
  readonly #deleteState;
  readonly #close;
  readonly #copy;
  readonly #differences;
  readonly #deleteSome;
  readonly #find;
  readonly #states;
  readonly #sizes;

  constructor(database: Database) {
    this.#insert = ITEMS.insert(database);
    this.#deleteState = database.prepare<[number]>("DELETE FROM dataset_items WHERE sequence = ?");
    this.#close = database.prepare<[object]>(
      `UPDATE dataset_items SET end_version = :next
       WHERE dataset_id = :target AND end_version = ${NO_END} AND (dataset_id <> :source OR first_version > :version)`,
    );
    const changed = new Set<string>(["dataset_id", "first_version", "end_version"]);
    const carried = ITEMS.columns.filter((column) => !changed.has(column)).join(", ");
    this.#copy = database.prepare<[object]>(
      `INSERT INTO dataset_items (dataset_id, first_version, end_version, ${carried})
       SELECT :target, :next, ${NO_END}, ${carried} FROM dataset_items
       WHERE dataset_id = :source AND first_version <= :version AND end_version > :version
         AND (dataset_id <> :target OR end_version <= :next)`,
    );
    const compared = ["item_id", ...COMPARED].join(", ");
    this.#differences = database.prepare<[object], ItemDifference>(
      `WITH older AS (SELECT ${compared} FROM dataset_items
         WHERE dataset_id = :datasetId AND end_version > :from AND end_version <= :to AND first_version <= :from),
       newer AS (SELECT ${compared} FROM dataset_items
         WHERE dataset_id = :datasetId AND first_version > :from AND first_version <= :to AND end_version > :to)
       SELECT
         (SELECT count(*) FROM newer WHERE item_id NOT IN (SELECT item_id FROM older)) AS added,
         (SELECT count(*) FROM older WHERE item_id NOT IN (SELECT item_id FROM newer)) AS deleted,
         (SELECT count(*) FROM newer JOIN older USING (item_id)
          WHERE ${COMPARED.map((column) => `newer.${column} IS NOT older.${column}`).join(" OR ")}) AS modified`,
    );
    this.#deleteSome = database.prepare<[string, number]>(
      "DELETE FROM dataset_items WHERE sequence IN (SELECT sequence FROM dataset_items WHERE dataset_id = +? LIMIT +?)",
    );
    this.#find = database.prepare<[object], StoredRow>(
      `SELECT sequence, ${ITEMS.list} FROM dataset_items
       WHERE dataset_id = :datasetId AND item_id = :id AND first_version <= :version AND end_version > :version`,
    );
    this.#states = new Search<StoredRow>(database, `sequence, ${ITEMS.list}`, "dataset_items");
    this.#sizes = new Search<SizedRow>(
      database,
      `item_id AS id, ${bytesOf(Object.keys(CONTENT))} AS bytes`,
      "dataset_items",
    );
  }

  insert(row: ItemRow): void {
    this.#insert.run(row);
  }

  /** The state that a version has of an item. */
  find(datasetId: string, id: string, version: number): StoredRow | undefined {
    return this.#find.get({ datasetId, id, version });
  }

  /** The states that the latest versions of all datasets have of an item. */
  findLatest(workspace: string, id: string): ItemRow[] {
    return this.#states.where([sql`workspace = ${workspace}`, sql`item_id = ${id}`, sql`end_version = ${NO_END}`]);
  }

  /** The newest state of an item in a dataset, of any version. */
  findNewest(datasetId: string, id: string): ItemRow | undefined {
    const where = [sql`dataset_id = ${datasetId}`, sql`item_id = ${id}`];
    return this.#states.page({ where, order: { columns: ["first_version"], descending: true }, limit: 1 })[0];
  }

  /** The datasets whose latest versions have one of these items. */
  datasetsOf(workspace: string, ids: readonly string[]): string[] {
    return [...new Set(ids.flatMap((id) => this.findLatest(workspace, id).map(({ dataset_id }) => dataset_id)))];
  }

  /** Takes what a state is out of the versions from `first` up to and without `end`. */
  carve(state: ItemRow & { sequence: number }, first: number, end: number): void {
    const { sequence, ...row } = state;
    this.#deleteState.run(sequence);
    if (row.first_version < first) this.insert({ ...row, end_version: first });
    if (row.end_version > end) this.insert({ ...row, first_version: end });
  }

  /**
   * Gives a new version the items of another version, of this dataset or another one.
   * @param next the number of the new version, which is the latest then
   */
  copyVersion(target: string, next: number, source: { datasetId: string; version: number }): void {
    const parameters = { target, next, source: source.datasetId, version: source.version };
    this.#close.run(parameters);
    this.#copy.run(parameters);
  }

  /** How a later version of a dataset differs from an earlier one. */
  differences(datasetId: string, from: number, to: number): ItemDifference {
    return this.#differences.get({ datasetId, from, to }) ?? { added: 0, modified: 0, deleted: 0 };
  }

  /** The ids of the items of a version that meet the conditions, the newest first. */
  idsIn(datasetId: string, version: number, where: ReadonlyArray<Sql | undefined>): string[] {
    return this.#sizes.where([inVersion(datasetId, version), ...where]).map(({ id }) => id);
  }

  count(datasetId: string, version: number, where: ReadonlyArray<Sql | undefined>): number {
    return this.#sizes.count([inVersion(datasetId, version), ...where]);
  }

  /**
   * Items of a version, the newest id first, read when they are needed.
   * @param after the id of the last item of the page before
   */
  page(
    datasetId: string,
    version: number,
    query: { where: ReadonlyArray<Sql | undefined>; after?: string | undefined; limit: number; offset?: number },
  ): { size: number; rows: LongList<ItemRow> } {
    const { after, limit, offset = 0 } = query;
    const sizes = this.#sizes.page({
      where: [inVersion(datasetId, version), ...query.where],
      order: NEWEST_FIRST,
      after: after === undefined ? undefined : [after],
      limit,
      offset,
    });
    return { size: sizes.length, rows: rowsInParts(sizes, (id) => this.find(datasetId, id, version)) };
  }

  /** Deletes some states of a dataset; returns how many. */
  deleteSome(datasetId: string, limit: number): number {
    return this.#deleteSome.run(datasetId, limit).changes;
  }
}
