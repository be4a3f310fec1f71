import { integer, json, text } from "../../../../database/column.ts";
import type { Database } from "../../../../database/database.ts";
import { type Row, Table } from "../../../../database/table.ts";
import { time } from "../../../wire/columns.ts";

export const VERSIONS = new Table("dataset_versions", {
  id: text(),
  workspace: text(),
  dataset_id: text(),
  number: integer(),
  version_hash: text(),
  batch_group_id: text().nullable(),
  items_total: integer(),
  items_added: integer(),
  items_modified: integer(),
  items_deleted: integer(),
  change_description: text().nullable(),
  metadata_json: json().nullable(),
  evaluators_json: json().nullable(),
  execution_policy_json: json().nullable(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time(),
  last_updated_by: text(),
});

export type VersionRow = Row<typeof VERSIONS>;

const TAGS = new Table("dataset_version_tags", {
  workspace: text(),
  dataset_id: text(),
  version_id: text(),
  tag: text(),
});

/** The changes of a version when items are written to it. */
export interface VersionCounts {
  id: string;
  total: number;
  added: number;
  modified: number;
  deleted: number;
  at: number;
  by: string;
}

const OF_DATASET = `SELECT ${VERSIONS.list} FROM dataset_versions WHERE workspace = +? AND dataset_id = +?`;

/** The SQL of versions and their tags. */
export class VersionStore {
  readonly #insert;
  readonly #findById;
  readonly #findByNumber;
  readonly #findByHash;
  readonly #findByGroup;
  readonly #findByTag;
  readonly #latest;
  readonly #page;
  readonly #count;
  readonly #add;
  readonly #describe;
  readonly #tagsOf;
  readonly #isTagged;
  readonly #insertTag;
  readonly #deleteTag;

  constructor(database: Database) {
    const find = (condition: string) =>
      database.prepare<[string, string, string | number], VersionRow>(`${OF_DATASET} AND ${condition} = ?`);
    this.#insert = VERSIONS.insert(database);
    this.#findById = find("id");
    this.#findByNumber = find("number");
    this.#findByHash = find("version_hash");
    this.#findByGroup = find("batch_group_id");
    this.#findByTag = database.prepare<[string, string, string, string], VersionRow>(
      `${OF_DATASET} AND id = (SELECT version_id FROM dataset_version_tags WHERE dataset_id = ? AND tag = ?)`,
    );
    this.#latest = database.prepare<[string, string], VersionRow>(`${OF_DATASET} ORDER BY number DESC LIMIT 1`);
    this.#page = database.prepare<[string, string, number, number], VersionRow>(
      `${OF_DATASET} ORDER BY number DESC LIMIT +? OFFSET +?`,
    );
    this.#count = database
      .prepare<[string, string], number>("SELECT count(*) FROM dataset_versions WHERE workspace = ? AND dataset_id = ?")
      .pluck();
    this.#add = database.prepare<[VersionCounts]>(
      `UPDATE dataset_versions SET items_total = items_total + :total, items_added = items_added + :added,
       items_modified = items_modified + :modified, items_deleted = items_deleted + :deleted,
       last_updated_at = :at, last_updated_by = :by WHERE id = :id`,
    );
    this.#describe = database.prepare<[{ id: string; description: string; at: number; by: string }]>(
      `UPDATE dataset_versions SET change_description = :description, last_updated_at = :at, last_updated_by = :by
       WHERE id = :id`,
    );
    this.#tagsOf = database
      .prepare<[string], string>("SELECT tag FROM dataset_version_tags WHERE version_id = +? ORDER BY sequence")
      .pluck();
    this.#isTagged = database
      .prepare<[string, string], number>("SELECT 1 FROM dataset_version_tags WHERE dataset_id = ? AND tag = ?")
      .pluck();
    this.#insertTag = TAGS.insert(database);
    this.#deleteTag = database.prepare<[string, string, string]>(
      "DELETE FROM dataset_version_tags WHERE workspace = ? AND dataset_id = ? AND tag = ?",
    );
  }

  insert(row: VersionRow): void {
    this.#insert.run(row);
  }

  findById(workspace: string, datasetId: string, id: string): VersionRow | undefined {
    return this.#findById.get(workspace, datasetId, id);
  }

  findByNumber(workspace: string, datasetId: string, number: number): VersionRow | undefined {
    return this.#findByNumber.get(workspace, datasetId, number);
  }

  findByHash(workspace: string, datasetId: string, hash: string): VersionRow | undefined {
    return this.#findByHash.get(workspace, datasetId, hash);
  }

  findByGroup(workspace: string, datasetId: string, batchGroupId: string): VersionRow | undefined {
    return this.#findByGroup.get(workspace, datasetId, batchGroupId);
  }

  findByTag(workspace: string, datasetId: string, tag: string): VersionRow | undefined {
    return this.#findByTag.get(workspace, datasetId, datasetId, tag);
  }

  latest(workspace: string, datasetId: string): VersionRow | undefined {
    return this.#latest.get(workspace, datasetId);
  }

  /** The newest first. */
  page(workspace: string, datasetId: string, limit: number, offset: number): VersionRow[] {
    return this.#page.all(workspace, datasetId, limit, offset);
  }

  count(workspace: string, datasetId: string): number {
    return this.#count.get(workspace, datasetId) ?? 0;
  }

  /** Adds to the counts of a version. */
  add(counts: VersionCounts): void {
    this.#add.run(counts);
  }

  describe(id: string, description: string, at: number, by: string): void {
    this.#describe.run({ id, description, at, by });
  }

  tagsOf(id: string): string[] {
    return this.#tagsOf.all(id);
  }

  /** Whether a version of the dataset has the tag. */
  isTagged(datasetId: string, tag: string): boolean {
    return this.#isTagged.get(datasetId, tag) !== undefined;
  }

  insertTag({ workspace, dataset_id, id }: VersionRow, tag: string): void {
    this.#insertTag.run({ workspace, dataset_id, version_id: id, tag });
  }

  /** Deletes a tag; returns whether there was one. */
  deleteTag(workspace: string, datasetId: string, tag: string): boolean {
    return this.#deleteTag.run(workspace, datasetId, tag).changes > 0;
  }
}
