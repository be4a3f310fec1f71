import { deleteWithParts } from "../../../../database/deletion-with-parts.ts";
import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { conditionsOf, type Filter } from "../../../search/filters.ts";
import { OpikError } from "../../../wire/errors.ts";
import { requireVersion7 } from "../../../wire/version-seven.ts";
import type { DatasetService } from "../service.ts";
import type { VersionRow, VersionService } from "../versions/service.ts";
import { patchedContent, updatedContent, writtenContent } from "./content.ts";
import { ITEM_FIELDS } from "./filters.ts";
import type { DeleteItems, ItemPatch, NewItem, PutItems, UpdateItems } from "./schema.ts";
import { type ItemContent, ItemStore } from "./store.ts";
import { type NextVersion, VersionWriter } from "./version-writer.ts";

export interface ItemServiceDependencies {
  datasets: DatasetService;
  versions: VersionService;
}

/** The description of versions that a batch of an SDK creates. */
const MADE_BY_SDK = "Auto-created from SDK batch operation";

/** Writes items of datasets, each to the version that the request means [opik 10.2]. */
export class ItemService {
  readonly #context: OpikContext;
  readonly #store: ItemStore;
  readonly #writer: VersionWriter;
  readonly #datasets: DatasetService;
  readonly #versions: VersionService;

  constructor(context: OpikContext, { datasets, versions }: ItemServiceDependencies) {
    this.#context = context;
    this.#store = new ItemStore(context.database);
    this.#writer = new VersionWriter(context, { store: this.#store, versions });
    this.#datasets = datasets;
    this.#versions = versions;
  }

  /**
   * Writes items by their ids. Requests with one `batch_group_id` write one version, which the first of them makes;
   * without it the latest version is written to.
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown dataset or version to copy from
   */
  put(owner: Owner, request: PutItems): void {
    this.#context.database.transaction(() => {
      const datasetId = this.#datasetOf(owner, request);
      const { batch_group_id: group } = request;
      const description = group === undefined ? undefined : MADE_BY_SDK;
      const copyFrom = this.copySource(owner, request);
      const next = { batchGroupId: group, changeDescription: description, copyFrom };
      this.#write(owner, datasetId, request.items, next);
    });
  }

  /**
   * Writes items to the latest version of a dataset that exists.
   * @throws OpikError 400 for an id that is no UUIDv7
   */
  add(owner: Owner, datasetId: string, items: readonly NewItem[]): void {
    this.#context.database.transaction(() => this.#write(owner, datasetId, items, {}));
  }

  /** Writes items to the version of a batch group, or else the latest; to a new one when there is none. */
  #write(owner: Owner, datasetId: string, newItems: readonly NewItem[], next: NextVersion): void {
    const items = newItems.map((item) => ({ id: this.#idOf(item), content: writtenContent(item) }));
    const version = this.#versionOf(owner, datasetId, next.batchGroupId);
    if (version !== undefined) {
      this.#writer.writeTo(owner, version, items);
      return;
    }
    this.#writer.next(owner, datasetId, next, (target) => {
      for (const { id, content } of items) this.#writer.write(owner, target, id, content);
    });
  }

  /**
   * Deletes items by their ids, or those of a dataset that meet filters, from the version that `put` would write to;
   * silent for those that are not there.
   * @throws OpikError 400 for items of several datasets and for filters that do not fit, 404 for an unknown dataset
   */
  delete(owner: Owner, { item_ids: ids, dataset_id, filters, batch_group_id: group }: DeleteItems): void {
    this.#context.database.transaction(() => {
      const datasetId = dataset_id ?? this.#datasetOfItems(owner, ids ?? []);
      if (datasetId === undefined) return;
      if (dataset_id !== undefined) this.#datasets.require(owner, datasetId);
      const latest = this.#versions.latest(owner.workspace, datasetId);
      if (latest === undefined) return;
      const version = this.#versionOf(owner, datasetId, group);
      const meant = ids ?? this.#matching(datasetId, version ?? latest, filters);
      if (version !== undefined) {
        this.#writer.removeFrom(owner, version, meant);
        return;
      }
      const description = ids === undefined ? described("Deleted", meant.length) : undefined;
      this.#writer.next(owner, datasetId, { batchGroupId: group, changeDescription: description }, (target) => {
        for (const id of meant) this.#writer.remove(target, id);
      });
    });
  }

  /**
   * Changes an item in a new version.
   * @throws OpikError 404
   */
  patch(owner: Owner, id: string, patch: ItemPatch): void {
    this.#context.database.transaction(() => {
      const datasetId = this.#datasetOfItems(owner, [id]) ?? itemNotFound();
      this.#change(owner, datasetId, [id], described("Updated", 1), (content) => patchedContent(content, patch));
    });
  }

  /**
   * Changes items in a new version, by their ids or those that meet filters; those that do not exist are left out.
   * @throws OpikError 400 for items of several datasets and for filters that do not fit, 404 when there is none of them,
   *   422 for too many tags
   */
  update(owner: Owner, { ids, filters, dataset_id, update, merge_tags: mergeTags = false }: UpdateItems): void {
    this.#context.database.transaction(() => {
      const datasetId = dataset_id ?? this.#datasetOfItems(owner, ids ?? []);
      if (datasetId === undefined) throw OpikError.errors(404, "Dataset items not found");
      const latest = this.#versions.latest(owner.workspace, datasetId) ?? noVersions();
      const meant = ids ?? this.#matching(datasetId, latest, filters);
      const description = described("Updated", meant.length);
      const changeDescription = ids === undefined ? `${description} by filters` : description;
      this.#change(owner, datasetId, meant, changeDescription, (content) => updatedContent(content, update, mergeTags));
    });
  }

  /** Deletes datasets with their versions and items; ignores those that do not exist. */
  async deleteDatasets(owner: Owner, ids: readonly string[]): Promise<void> {
    const known = ids.filter((id) => this.#datasets.find(owner, id) !== undefined);
    await deleteWithParts(this.#context.database, known, {
      deleteParts: (id, limit) => this.#store.deleteSome(id, limit),
      deleteThing: (id) => this.#datasets.delete(owner, id),
      follow: () => {},
    });
  }

  /**
   * The version whose items a request wants to begin with.
   * @throws OpikError 404
   */
  copySource(
    { workspace }: Owner,
    request: { copy_from_dataset_id?: string | undefined; copy_from_version_id?: string | undefined },
  ): { datasetId: string; version: number } | undefined {
    const { copy_from_dataset_id: datasetId, copy_from_version_id: versionId } = request;
    if (datasetId === undefined || versionId === undefined) return undefined;
    return { datasetId, version: this.#versions.require(workspace, datasetId, versionId).number };
  }

  #change(
    owner: Owner,
    datasetId: string,
    ids: readonly string[],
    changeDescription: string,
    change: (content: ItemContent) => ItemContent,
  ): void {
    const latest = this.#versions.latest(owner.workspace, datasetId) ?? noVersions();
    const states = ids.map((id) => this.#store.find(datasetId, id, latest.number)).filter((row) => row !== undefined);
    if (states.length === 0) return;
    this.#writer.next(owner, datasetId, { changeDescription }, (target) => {
      for (const state of states) this.#writer.write(owner, target, state.item_id, change(state));
    });
  }

  /** The ids of the items of a version that meet filters. */
  #matching(datasetId: string, { number }: VersionRow, filters: readonly Filter[] | undefined): string[] {
    return this.#store.idsIn(datasetId, number, conditionsOf(ITEM_FIELDS, filters).where);
  }

  /** The version that a request writes to; none when it is to be made. */
  #versionOf({ workspace }: Owner, datasetId: string, group: string | undefined): VersionRow | undefined {
    if (group === undefined) return this.#versions.latest(workspace, datasetId);
    return this.#versions.ofGroup(workspace, datasetId, group);
  }

  #datasetOf(owner: Owner, request: PutItems): string {
    const { dataset_id: id, dataset_name: name = "" } = request;
    return id === undefined ? this.#datasets.getOrCreate(owner, name, request) : this.#datasets.require(owner, id).id;
  }

  /** The dataset that has these items in its latest version. */
  #datasetOfItems({ workspace }: Owner, ids: readonly string[]): string | undefined {
    const [datasetId, ...others] = this.#store.datasetsOf(workspace, ids);
    if (others.length > 0) throw OpikError.message(400, "Cannot operate on items across multiple datasets");
    return datasetId;
  }

  #idOf({ id = this.#context.ids.uuid() }: NewItem): string {
    requireVersion7(id, "dataset_item");
    return id;
  }
}

function described(verb: string, count: number): string {
  return `${verb} ${count} ${count === 1 ? "item" : "items"}`;
}

function noVersions(): never {
  throw OpikError.errors(404, "No versions exist for dataset");
}

/** The real server's error for an item that does not exist. */
export function itemNotFound(): never {
  throw OpikError.errors(404, "Dataset item not found");
}
