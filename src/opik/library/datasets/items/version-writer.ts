import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import type { VersionRow, VersionService } from "../versions/service.ts";
import { type ItemContent, ITEMS, type ItemStore, NO_END } from "./store.ts";

export interface VersionWriterDependencies {
  store: ItemStore;
  versions: VersionService;
}

/** The versions of a dataset that are written to: from `first` up to and without `end`. */
export interface Target {
  datasetId: string;
  first: number;
  end: number;
}

/** The fields of a new version besides its items. */
export interface NextVersion {
  /** The version that it begins with; default the latest. */
  base?: VersionRow | undefined;
  /** The version whose items it begins with, instead of those of `base`. */
  copyFrom?: { datasetId: string; version: number } | undefined;
  batchGroupId?: string | undefined;
  changeDescription?: string | undefined;
  /** Default that of `base`. */
  evaluators_json?: string | null;
  execution_policy_json?: string | null;
  clearsExecutionPolicy?: boolean | undefined;
  metadata_json?: string | null;
  tags?: readonly string[] | undefined;
}

/** Writes items to versions. Call it in a transaction. */
export class VersionWriter {
  readonly #context: OpikContext;
  readonly #store: ItemStore;
  readonly #versions: VersionService;

  constructor(context: OpikContext, { store, versions }: VersionWriterDependencies) {
    this.#context = context;
    this.#store = store;
    this.#versions = versions;
  }

  /**
   * Creates the next version of a dataset.
   * @param change writes what is different from the version that it begins with
   */
  next(owner: Owner, datasetId: string, version: NextVersion, change: (target: Target) => void): VersionRow {
    const { workspace } = owner;
    const latest = this.#versions.latest(workspace, datasetId);
    const { base = latest } = version;
    const number = (latest?.number ?? 0) + 1;
    const source = version.copyFrom ?? (base && { datasetId, version: base.number });
    const isLatest = source?.datasetId === datasetId && source.version === latest?.number;
    if (source !== undefined && !isLatest) this.#store.copyVersion(datasetId, number, source);
    change({ datasetId, first: number, end: NO_END });
    const difference = this.#store.differences(datasetId, base?.number ?? 0, number);
    const policy = version.execution_policy_json ?? base?.execution_policy_json ?? null;
    const row = this.#versions.create(owner, {
      id: this.#context.ids.uuid(),
      datasetId,
      counts: { ...difference, total: (base?.items_total ?? 0) + difference.added - difference.deleted },
      batchGroupId: version.batchGroupId,
      changeDescription: version.changeDescription,
      evaluators_json: version.evaluators_json ?? base?.evaluators_json ?? null,
      execution_policy_json: version.clearsExecutionPolicy ? null : policy,
      metadata_json: version.metadata_json ?? null,
      tags: version.tags,
    });
    this.#emitChange(row);
    return row;
  }

  /** Writes items to a version that is there, and counts them. */
  writeTo(owner: Owner, version: VersionRow, items: ReadonlyArray<{ id: string; content: ItemContent }>): void {
    const target = this.#targetOf(version);
    let added = 0;
    for (const { id, content } of items) {
      if (!this.write(owner, target, id, content)) added += 1;
    }
    const counts = { total: added, added, modified: items.length - added, deleted: 0 };
    this.#versions.count(owner, version.id, counts);
    this.#emitChange(version);
  }

  /** Removes items from a version that is there, and counts them. */
  removeFrom(owner: Owner, version: VersionRow, ids: readonly string[]): void {
    const target = this.#targetOf(version);
    const deleted = ids.filter((id) => this.remove(target, id)).length;
    if (deleted === 0) return;
    this.#versions.count(owner, version.id, { total: -deleted, added: 0, modified: 0, deleted });
    this.#emitChange(version);
  }

  /** Writes an item; returns whether it was there before. */
  write({ workspace, user }: Owner, target: Target, id: string, content: ItemContent): boolean {
    const now = this.#context.clock.now();
    const state = this.#store.find(target.datasetId, id, target.first);
    if (state !== undefined) this.#store.carve(state, target.first, target.end);
    const row = ITEMS.row({
      ...content,
      workspace,
      dataset_id: target.datasetId,
      item_id: id,
      first_version: target.first,
      end_version: target.end,
      created_at: state?.created_at ?? now,
      created_by: state?.created_by ?? user,
      last_updated_at: now,
      last_updated_by: user,
    });
    this.#store.insert(row);
    return state !== undefined;
  }

  /** Removes an item; returns whether it was there. */
  remove({ datasetId, first, end }: Target, id: string): boolean {
    const state = this.#store.find(datasetId, id, first);
    if (state !== undefined) this.#store.carve(state, first, end);
    return state !== undefined;
  }

  /** What is written to a version changes the versions after it only if it is the latest. */
  #targetOf({ workspace, dataset_id: datasetId, number, id }: VersionRow): Target {
    const isLatest = this.#versions.latest(workspace, datasetId)?.id === id;
    return { datasetId, first: number, end: isLatest ? NO_END : number + 1 };
  }

  #emitChange({ workspace, dataset_id: id, number }: VersionRow): void {
    this.#context.events.emit("dataset:items:changed", { id, workspace, version: `v${number}` });
  }
}
