import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { OpikError } from "../../../wire/errors.ts";
import type { DatasetService } from "../service.ts";
import type { DatasetVersion, VersionDiff } from "../versions/schema.ts";
import type { VersionRow, VersionService } from "../versions/service.ts";
import { editedContent, jsonColumn, writtenContent } from "./content.ts";
import { COPY_NEEDS_BOTH, isCopyComplete, type ItemChanges } from "./schema.ts";
import type { ItemService } from "./service.ts";
import { ItemStore } from "./store.ts";
import { type NextVersion, type Target, VersionWriter } from "./version-writer.ts";

export interface VersionChangesDependencies {
  datasets: DatasetService;
  items: ItemService;
  versions: VersionService;
}

const NOT_LATEST = "Version conflict: baseVersion is not the latest. Use override=true to force creation.";

/** Makes versions from others: by a list of changes, or by restoring one [opik 10.3]. */
export class VersionChanges {
  readonly #context: OpikContext;
  readonly #store: ItemStore;
  readonly #writer: VersionWriter;
  readonly #dependencies: VersionChangesDependencies;

  constructor(context: OpikContext, dependencies: VersionChangesDependencies) {
    this.#context = context;
    this.#store = new ItemStore(context.database);
    this.#writer = new VersionWriter(context, { store: this.#store, versions: dependencies.versions });
    this.#dependencies = dependencies;
  }

  /**
   * Creates a version from another one of the dataset, with items added, edited and deleted.
   * @param override also from one that is not the latest, or from none
   * @throws OpikError 400 when the version is not named, 404, 409 when it is not the latest
   */
  apply(owner: Owner, datasetId: string, changes: ItemChanges, override: boolean): DatasetVersion {
    return this.#context.database.transaction(() => {
      const { datasets, items, versions } = this.#dependencies;
      if (!isCopyComplete(changes)) throw OpikError.message(400, COPY_NEEDS_BOTH);
      datasets.require(owner, datasetId);
      const base = this.#baseOf(owner, datasetId, changes, override);
      const next: NextVersion = {
        base,
        copyFrom: items.copySource(owner, changes),
        changeDescription: changes.change_description,
        evaluators_json: jsonColumn(changes.evaluators),
        execution_policy_json: jsonColumn(changes.execution_policy),
        clearsExecutionPolicy: changes.clear_execution_policy,
        metadata_json: jsonColumn(changes.metadata),
        tags: changes.tags,
      };
      const row = this.#writer.next(owner, datasetId, next, (target) => this.#write(owner, target, changes));
      return versions.show(row);
    });
  }

  /**
   * Creates a version with the items of an older one; the latest stays as it is.
   * @param reference a hash or a tag
   * @throws OpikError 404
   */
  restore(owner: Owner, datasetId: string, reference: string): DatasetVersion {
    return this.#context.database.transaction(() => {
      const { versions } = this.#dependencies;
      const { workspace } = owner;
      const restored = versions.resolve(workspace, datasetId, reference);
      const latest = versions.latest(workspace, datasetId);
      if (latest?.id === restored.id) return versions.show(restored);
      const next: NextVersion = {
        copyFrom: { datasetId, version: restored.number },
        changeDescription: `Restored from version: ${reference}`,
        evaluators_json: restored.evaluators_json,
        execution_policy_json: restored.execution_policy_json,
        clearsExecutionPolicy: restored.execution_policy_json === null,
      };
      return versions.show(this.#writer.next(owner, datasetId, next, () => {}));
    });
  }

  /**
   * Compares the latest version with the draft, which has all of its items: changes are versions at once [opik 10.3].
   * @throws OpikError 404 when the dataset has no version
   */
  compareWithDraft({ workspace }: Owner, datasetId: string): VersionDiff {
    const { items_total } = this.#dependencies.versions.resolve(workspace, datasetId, "latest");
    const statistics = { items_added: 0, items_modified: 0, items_deleted: 0, items_unchanged: items_total };
    return { from_version: "latest", to_version: "draft", statistics };
  }

  #baseOf(owner: Owner, datasetId: string, changes: ItemChanges, override: boolean): VersionRow | undefined {
    const { versions } = this.#dependencies;
    const latest = versions.latest(owner.workspace, datasetId);
    const { base_version } = changes;
    if (base_version === undefined) {
      refuseWithoutBase(changes, { override, hasVersions: latest !== undefined });
      return undefined;
    }
    const base = versions.require(owner.workspace, datasetId, base_version);
    if (!override && base.id !== latest?.id) throw OpikError.errors(409, NOT_LATEST);
    return base;
  }

  #write(owner: Owner, target: Target, changes: ItemChanges): void {
    for (const id of changes.deleted_ids ?? []) this.#writer.remove(target, id);
    for (const edit of changes.edited_items ?? []) {
      const state = this.#store.find(target.datasetId, edit.id, target.first);
      if (state !== undefined) this.#writer.write(owner, target, edit.id, editedContent(state, edit));
    }
    for (const item of changes.added_items ?? []) {
      this.#writer.write(owner, target, this.#context.ids.uuid(), writtenContent(item));
    }
  }
}

function refuseWithoutBase(
  changes: ItemChanges,
  { override, hasVersions }: { override: boolean; hasVersions: boolean },
): void {
  if (!override) {
    throw OpikError.message(
      400,
      "baseVersion is required. Use override=true to create the first version without a base.",
    );
  }
  if (hasVersions) throw OpikError.message(400, "baseVersion is required when the dataset already has versions.");
  const { added_items: added, edited_items: edited, deleted_ids: deleted } = changes;
  if ([added, edited, deleted].some((list) => list !== undefined && list.length > 0)) {
    throw OpikError.message(400, "addedItems, editedItems, and deletedIds must be empty when baseVersion is null.");
  }
}
