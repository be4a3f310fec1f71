import type { Database } from "../../../../database/database.ts";

export interface VersionRow {
  id: string;
  workspace: string;
  dataset_id: string;
  number: number;
  version_hash: string;
  batch_group_id: string | null;
  items_total: number;
  items_added: number;
  items_modified: number;
  items_deleted: number;
  change_description: string | null;
  metadata_json: string | null;
  evaluators_json: string | null;
  execution_policy_json: string | null;
  created_at: number;
  created_by: string;
  last_updated_at: number;
  last_updated_by: string;
}

/** What of a version changes when items are written to it. */
export interface VersionCounts {
  id: string;
  total: number;
  added: number;
  modified: number;
  deleted: number;
  at: number;
  by: string;
}

const COLUMNS = [
  "id",
  "workspace",
  "dataset_id",
  "number",
  "version_hash",
  "batch_group_id",
  "items_total",
  "items_added",
  "items_modified",
  "items_deleted",
  "change_description",
  "metadata_json",
  "evaluators_json",
  "execution_policy_json",
  "created_at",
  "created_by",
  "last_updated_at",
  "last_updated_by",
] as const satisfies ReadonlyArray<keyof VersionRow>;

const OF_DATASET = `SELECT ${COLUMNS.join(", ")} FROM dataset_versions WHERE workspace = +? AND dataset_id = +?`;

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
    this.#insert = database.prepare<[VersionRow]>(
      `INSERT INTO dataset_versions (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map((column) => `:${column}`).join(", ")})`,
    );
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
    this.#insertTag = database.prepare<[string, string, string, string]>(
      "INSERT INTO dataset_version_tags (workspace, dataset_id, version_id, tag) VALUES (?, ?, ?, ?)",
    );
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
    this.#insertTag.run(workspace, dataset_id, id, tag);
  }

  deleteTag(workspace: string, datasetId: string, tag: string): void {
    this.#deleteTag.run(workspace, datasetId, tag);
  }
}
