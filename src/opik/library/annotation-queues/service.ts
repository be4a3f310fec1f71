import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { contains } from "../../search/text-match.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import type { Sorting } from "../../wire/sorting.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import { type AnnotatedItems, AnnotationReader, type AnnotationsDependencies } from "./annotations.ts";
import { SORTABLE_QUEUE_FIELDS, type SortableQueueField } from "./lists.ts";
import { LockStore } from "./lock-store.ts";
import type {
  AnnotationQueue,
  AnnotationQueuePage,
  ItemLock,
  Locks,
  QueueUpdate,
  QueueWrite,
  QueueItems,
} from "./schema.ts";
import { type QueueRow, QUEUES, QueueStore } from "./store.ts";

export interface QueueServiceDependencies extends AnnotationsDependencies {
  projects: ProjectService;
}

/** Which queues, in which order. Pages count from 1. */
export interface QueueFilter {
  page: number;
  size: number;
  /** A part of the name, in any case. */
  name?: string | undefined;
  filters: FilterConditions;
  sorting?: Sorting<SortableQueueField> | undefined;
}

const NEWEST_FIRST: Sorting<SortableQueueField> = { field: "id", descending: true };

/** The defaults of new queues. */
const ANNOTATORS_PER_ITEM = 1;
const LOCK_TIMEOUT_SECONDS = 300;

/** The rules of annotation queues: traces or threads that people are to score [opik 9.7]. */
export class QueueService {
  readonly #context: OpikContext;
  readonly #store: QueueStore;
  readonly #locks: LockStore;
  readonly #projects: ProjectService;
  readonly #annotations: AnnotationReader;

  constructor(context: OpikContext, dependencies: QueueServiceDependencies) {
    this.#context = context;
    this.#store = new QueueStore(context.database);
    this.#locks = new LockStore(context.database);
    this.#projects = dependencies.projects;
    this.#annotations = new AnnotationReader(dependencies);
  }

  /**
   * Makes queues, or writes those of their ids anew.
   * @returns their ids
   * @throws OpikError 400 for ids that are no UUIDv7, or that are there twice; then none is made
   */
  create(owner: Owner, queues: readonly QueueWrite[]): string[] {
    const { workspace, user } = owner;
    return this.#context.database.transaction(() => {
      const now = this.#context.clock.now();
      const ids = queues.map(({ id }) => id ?? this.#context.ids.uuid());
      ids.forEach((id, index) => this.#check(id, queues[index]?.project_id ?? ""));
      const repeated = [...new Set(ids.filter((id, index) => ids.indexOf(id) < index))];
      if (repeated.length > 0) {
        throw OpikError.message(400, `Annotation queue batch contains duplicate ids: [${repeated.join(", ")}]`);
      }
      queues.forEach((queue, index) => {
        this.#store.save({
          workspace,
          id: ids[index] ?? "",
          project_id: queue.project_id,
          name: queue.name,
          description: queue.description ?? "",
          instructions: queue.instructions ?? "",
          scope: queue.scope,
          comments_enabled: queue.comments_enabled ? 1 : 0,
          feedback_definition_names_json: JSON.stringify(queue.feedback_definition_names ?? []),
          annotators_per_item: queue.annotators_per_item ?? ANNOTATORS_PER_ITEM,
          lock_timeout_seconds: queue.lock_timeout_seconds ?? LOCK_TIMEOUT_SECONDS,
          created_at: now,
          created_by: user,
          last_updated_at: now,
          last_updated_by: user,
        });
      });
      this.#context.events.emit("annotation-queues:written", { ids, workspace });
      return ids;
    });
  }

  /** @throws OpikError 404 */
  async get(owner: Owner, id: string): Promise<AnnotationQueue> {
    return this.#show(owner, this.#require(owner, id));
  }

  /** One page of a workspace's queues, by default the newest id first. */
  async list(owner: Owner, filter: QueueFilter): Promise<AnnotationQueuePage> {
    const { field, descending } = filter.sorting ?? NEWEST_FIRST;
    const { total, rows } = this.#store.list({
      where: [
        sql`workspace = ${owner.workspace}`,
        filter.name === undefined ? undefined : contains(sql`name`, filter.name),
        ...filter.filters.where,
      ],
      order: { columns: [...new Set([field, "id"])], descending },
      limit: filter.size,
      offset: offsetOf(filter),
    });
    const content: AnnotationQueue[] = [];
    for (const row of rows) content.push(await this.#show(owner, row));
    return { page: filter.page, size: rows.length, total, content, sortable_by: [...SORTABLE_QUEUE_FIELDS] };
  }

  /**
   * Changes what the update has.
   * @throws OpikError 400 for an id that is no UUIDv7, 404
   */
  update(owner: Owner, id: string, update: QueueUpdate): void {
    requireVersion7(id, "AnnotationQueue");
    const { workspace, user } = owner;
    this.#context.database.transaction(() => {
      const row = this.#require(owner, id);
      const names = update.feedback_definition_names;
      this.#store.save({
        ...row,
        name: update.name ?? row.name,
        description: update.description ?? row.description,
        instructions: update.instructions ?? row.instructions,
        comments_enabled: (update.comments_enabled ?? row.comments_enabled === 1) ? 1 : 0,
        feedback_definition_names_json: names ? JSON.stringify(names) : row.feedback_definition_names_json,
        annotators_per_item: update.annotators_per_item ?? row.annotators_per_item,
        lock_timeout_seconds: update.lock_timeout_seconds ?? row.lock_timeout_seconds,
        last_updated_at: this.#context.clock.now(),
        last_updated_by: user,
      });
      this.#context.events.emit("annotation-queues:written", { ids: [id], workspace });
    });
  }

  /** Deletes queues, not what is in them; ignores those that do not exist. */
  delete({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      const deleted = ids.filter((id) => this.#store.delete(workspace, id));
      if (deleted.length > 0) this.#context.events.emit("annotation-queues:deleted", { ids: deleted, workspace });
    });
  }

  /**
   * Adds traces or threads, which need not exist.
   * @throws OpikError 400 for an id that is no UUIDv7, 404; then none is added
   */
  addItems(owner: Owner, id: string, itemIds: readonly string[]): void {
    const { workspace, user: created_by } = owner;
    for (const itemId of itemIds) requireVersion7(itemId, "AnnotationQueue item");
    this.#changeItems(owner, id, () => {
      const created_at = this.#context.clock.now();
      const row = { workspace, queue_id: id, created_at, created_by };
      return itemIds.filter((item_id) => this.#store.addItem({ ...row, item_id }));
    });
  }

  /**
   * The items of a queue among these; here all of them were added by hand.
   * @throws OpikError 404
   */
  search(owner: Owner, id: string, itemIds: readonly string[]): QueueItems {
    this.#require(owner, id);
    const found = this.#store.itemsAmong(owner.workspace, id, itemIds);
    return { content: found.map((itemId) => ({ id: itemId, source: "manual" })) };
  }

  /**
   * Removes traces or threads; ignores those that do not exist.
   * @throws OpikError 404
   */
  removeItems(owner: Owner, id: string, itemIds: readonly string[]): void {
    this.#changeItems(owner, id, () => itemIds.filter((itemId) => this.#store.removeItem(owner.workspace, id, itemId)));
  }

  /**
   * Locks an item for a user who annotates it, or extends the lock. As many users can have it as are still to annotate
   * it.
   * @throws OpikError 404
   */
  lock(owner: Owner, id: string, itemId: string): ItemLock {
    const { workspace, user } = owner;
    return this.#context.database.transaction(() => {
      const row = this.#require(owner, id);
      const now = this.#context.clock.now();
      const expires_at = now + row.lock_timeout_seconds * 1_000;
      const annotators = this.#annotations.annotators(itemsOf(row), [itemId]).get(itemId)?.size ?? 0;
      const others = this.#locks.active(workspace, id, now).filter((lock) => lock.item_id === itemId);
      const isExtended = others.some((lock) => lock.user === user);
      const left = row.annotators_per_item - annotators;
      if (left <= 0 || (!isExtended && others.length >= left))
        return { acquired: false, item_id: itemId, locked_by: user, expires_at: undefined };
      this.#locks.save({ workspace, queue_id: id, item_id: itemId, user, expires_at });
      return { acquired: true, item_id: itemId, locked_by: user, expires_at: new Date(expires_at).toISOString() };
    });
  }

  /** The items of a queue that users annotate now; none of a queue that does not exist. */
  locks({ workspace }: Owner, id: string): Locks {
    const active = this.#context.database.transaction(() =>
      this.#locks.active(workspace, id, this.#context.clock.now()),
    );
    const byItem = Map.groupBy(active, ({ item_id }) => item_id);
    return {
      locks: new Map(
        [...byItem].map(([itemId, ofItem]) => [
          itemId,
          { active_locks: ofItem.length, locked_by: ofItem.map(({ user }) => user).toSorted() },
        ]),
      ),
    };
  }

  /**
   * Deletes items that were added longer ago than traces are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteItemsCreated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  #check(id: string, projectId: string): void {
    requireVersion7(id, "AnnotationQueue");
    requireVersion7(projectId, "project");
  }

  #changeItems(owner: Owner, id: string, change: () => string[]): void {
    const { workspace } = owner;
    this.#context.database.transaction(() => {
      this.#require(owner, id);
      if (change().length > 0) this.#context.events.emit("annotation-queues:items:changed", { id, workspace });
    });
  }

  #require({ workspace }: Owner, id: string): QueueRow {
    const row = this.#store.find(workspace, id);
    if (row === undefined) throw OpikError.message(404, `Annotation queue not found: '${id}'`);
    return row;
  }

  async #show(owner: Owner, row: QueueRow): Promise<AnnotationQueue> {
    const { workspace, id } = row;
    const items = itemsOf(row);
    const { scores, reviewers } = await this.#annotations.of({
      ...items,
      itemsAfter: (after, limit) => this.#store.itemsAfter(workspace, id, after, limit),
    });
    return {
      ...QUEUES.toFields(row),
      project_name: this.#projects.nameOf(owner, row.project_id),
      feedback_definition_names: [...items.names],
      reviewers,
      feedback_scores: scores,
      items_count: this.#store.countItems(workspace, id),
    };
  }
}

function itemsOf({ workspace, scope, feedback_definition_names_json }: QueueRow): Omit<AnnotatedItems, "itemsAfter"> {
  return { workspace, scope, names: JSON.parse(feedback_definition_names_json) as string[] };
}
