import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { jsonField, timeField } from "../../../wire/columns.ts";
import { OpikError } from "../../../wire/errors.ts";
import { offsetOf } from "../../../wire/page.ts";
import type { DatasetVersion, DatasetVersionPage, VersionSummary, VersionUpdate } from "./schema.ts";
import { type VersionCounts, type VersionRow, VERSIONS, VersionStore } from "./store.ts";

export type { VersionRow } from "./store.ts";

/** The tag of the newest version, which no client sets or deletes. */
const LATEST = "latest";

/** The number of characters of a version's id that are its hash. */
const HASH_LENGTH = 8;

/** How many items a version has, and how many of them differ from the version before. */
export interface ItemCounts {
  total: number;
  added: number;
  modified: number;
  deleted: number;
}

/** The fields of a new version besides its items. */
export interface NewVersion {
  id: string;
  datasetId: string;
  counts: ItemCounts;
  batchGroupId?: string | undefined;
  changeDescription?: string | undefined;
  evaluators_json: string | null;
  execution_policy_json: string | null;
  metadata_json?: string | null;
  tags?: readonly string[] | undefined;
}

/** The rules of versions: their numbers, hashes and tags; not their items [opik 10.3]. */
export class VersionService {
  readonly #context: OpikContext;
  readonly #store: VersionStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new VersionStore(context.database);
  }

  /** One page of the versions of a dataset, the newest first; empty for an unknown dataset. */
  list({ workspace }: Owner, datasetId: string, filter: { page: number; size: number }): DatasetVersionPage {
    const rows = this.#store.page(workspace, datasetId, filter.size, offsetOf(filter));
    const total = this.#store.count(workspace, datasetId);
    return { page: filter.page, size: rows.length, total, content: rows.map((row) => this.show(row)) };
  }

  /** @throws OpikError 404 */
  retrieve({ workspace }: Owner, datasetId: string, name: string): DatasetVersion {
    const row = this.#store.findByNumber(workspace, datasetId, Number(name.slice(1)));
    if (row === undefined) throw OpikError.message(404, `Version '${name}' not found for dataset '${datasetId}'`);
    return this.show(row);
  }

  /**
   * Changes the description, and adds tags.
   * @throws OpikError 404, 409 when a version of the dataset has one of the tags
   */
  update(owner: Owner, datasetId: string, hash: string, update: VersionUpdate): DatasetVersion {
    return this.#context.database.transaction(() => {
      const row = this.#requireHash(owner, datasetId, hash);
      const { change_description } = update;
      const now = this.#context.clock.now();
      if (change_description !== undefined) this.#store.describe(row.id, change_description, now, owner.user);
      this.#addTags(row, update.tags_to_add);
      this.#changed(owner, datasetId);
      return this.show(this.#requireHash(owner, datasetId, hash));
    });
  }

  /** The version with this hash. @throws OpikError 404 */
  getByHash(owner: Owner, datasetId: string, hash: string): DatasetVersion {
    return this.show(this.#requireHash(owner, datasetId, hash));
  }

  /** @throws OpikError 404, 409 when a version of the dataset has the tag */
  createTag(owner: Owner, datasetId: string, hash: string, tag: string): void {
    this.#context.database.transaction(() => {
      const row = this.#requireHash(owner, datasetId, hash);
      if (this.#isTaken(datasetId, tag)) {
        throw OpikError.errors(409, `Tag already exists for this dataset, tag='${tag}'`);
      }
      this.#store.insertTag(row, tag);
      this.#changed(owner, datasetId);
    });
  }

  /**
   * Deletes a tag of the dataset; does nothing when there is none.
   * @throws OpikError 400 for the tag `latest`
   */
  deleteTag(owner: Owner, datasetId: string, tag: string): void {
    if (tag === LATEST) throw OpikError.errors(400, `Cannot delete '${LATEST}' tag - it is automatically managed`);
    this.#context.database.transaction(() => {
      if (this.#store.deleteTag(owner.workspace, datasetId, tag)) this.#changed(owner, datasetId);
    });
  }

  latest(workspace: string, datasetId: string): VersionRow | undefined {
    return this.#store.latest(workspace, datasetId);
  }

  /** The version that requests with this id made. */
  ofGroup(workspace: string, datasetId: string, batchGroupId: string): VersionRow | undefined {
    return this.#store.findByGroup(workspace, datasetId, batchGroupId);
  }

  find(workspace: string, datasetId: string, id: string): VersionRow | undefined {
    return this.#store.findById(workspace, datasetId, id);
  }

  /** @throws OpikError 404 */
  require(workspace: string, datasetId: string, id: string): VersionRow {
    return this.find(workspace, datasetId, id) ?? notFound(datasetId, id);
  }

  /**
   * The version with this hash or tag.
   * @throws OpikError 404
   */
  resolve(workspace: string, datasetId: string, hashOrTag: string): VersionRow {
    const row =
      this.#store.findByHash(workspace, datasetId, hashOrTag) ??
      (hashOrTag === LATEST
        ? this.#store.latest(workspace, datasetId)
        : this.#store.findByTag(workspace, datasetId, hashOrTag));
    return row ?? notFound(datasetId, hashOrTag);
  }

  /** Creates the next version of a dataset, whose items are written already. */
  create({ workspace, user }: Owner, version: NewVersion): VersionRow {
    const now = this.#context.clock.now();
    const { id, datasetId, counts } = version;
    const row = VERSIONS.row({
      id,
      workspace,
      dataset_id: datasetId,
      number: (this.#store.latest(workspace, datasetId)?.number ?? 0) + 1,
      version_hash: id.slice(-HASH_LENGTH),
      batch_group_id: version.batchGroupId ?? null,
      items_total: counts.total,
      items_added: counts.added,
      items_modified: counts.modified,
      items_deleted: counts.deleted,
      change_description: version.changeDescription ?? null,
      metadata_json: version.metadata_json ?? null,
      evaluators_json: version.evaluators_json,
      execution_policy_json: version.execution_policy_json,
      created_at: now,
      created_by: user,
      last_updated_at: now,
      last_updated_by: user,
    });
    this.#store.insert(row);
    this.#addTags(row, version.tags);
    return row;
  }

  /** Adds to the counts of a version that items were written to. */
  count({ user }: Owner, id: string, counts: Omit<VersionCounts, "id" | "at" | "by">): void {
    this.#store.add({ ...counts, id, at: this.#context.clock.now(), by: user });
  }

  show(row: VersionRow): DatasetVersion {
    return {
      id: row.id,
      dataset_id: row.dataset_id,
      version_hash: row.version_hash,
      version_name: nameOf(row),
      tags: this.#tagsOf(row),
      is_latest: this.#isLatest(row),
      items_total: row.items_total,
      items_added: row.items_added,
      items_modified: row.items_modified,
      items_deleted: row.items_deleted,
      change_description: row.change_description ?? undefined,
      metadata: jsonField(row.metadata_json),
      evaluators: jsonField(row.evaluators_json),
      execution_policy: jsonField(row.execution_policy_json),
      created_at: timeField(row.created_at),
      created_by: row.created_by,
      last_updated_at: timeField(row.last_updated_at),
      last_updated_by: row.last_updated_by,
    };
  }

  /** A version as its dataset and experiments show it. */
  summarize(row: VersionRow): VersionSummary {
    return {
      id: row.id,
      version_hash: row.version_hash,
      version_name: nameOf(row),
      change_description: row.change_description ?? undefined,
      tags: this.#tagsOf(row),
    };
  }

  #changed({ workspace }: Owner, id: string): void {
    this.#context.events.emit("dataset:updated", { id, workspace });
  }

  #isLatest(row: VersionRow): boolean {
    return this.#store.latest(row.workspace, row.dataset_id)?.id === row.id;
  }

  #tagsOf(row: VersionRow): string[] {
    const tags = this.#store.tagsOf(row.id);
    return this.#isLatest(row) ? [LATEST, ...tags] : tags;
  }

  #isTaken(datasetId: string, tag: string): boolean {
    return tag === LATEST || this.#store.isTagged(datasetId, tag);
  }

  #addTags(row: VersionRow, tags: readonly string[] = []): void {
    for (const tag of new Set(tags)) {
      if (this.#isTaken(row.dataset_id, tag)) {
        throw OpikError.errors(409, "One or more tags already exist for this dataset");
      }
      this.#store.insertTag(row, tag);
    }
  }

  #requireHash({ workspace }: Owner, datasetId: string, hash: string): VersionRow {
    const row = this.#store.findByHash(workspace, datasetId, hash);
    if (row !== undefined) return row;
    throw OpikError.message(404, `Version with hash not found hash='${hash}' datasetId='${datasetId}'`);
  }
}

function nameOf({ number }: VersionRow): string {
  return `v${number}`;
}

function notFound(datasetId: string, reference: string): never {
  throw OpikError.message(404, `Version not found for dataset hash='${reference}' datasetId='${datasetId}'`);
}
