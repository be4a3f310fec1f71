import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { OpikError } from "../../wire/errors.ts";
import type { Entity, EntityType } from "../entity.ts";
import type { Comment, CommentRequest } from "./schema.ts";
import { type CommentRow, COMMENTS, CommentStore } from "./store.ts";

/** The rules of comments [opik 7.13]. */
export class CommentService {
  readonly #context: OpikContext;
  readonly #store: CommentStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new CommentStore(context.database);
  }

  /** Adds a comment on a thing that exists; returns its id. */
  add({ workspace, user }: Owner, { type, id: entityId }: Entity, comment: CommentRequest): string {
    const id = this.#context.ids.uuid();
    const now = this.#context.clock.now();
    this.#context.database.transaction(() => {
      this.#store.insert(
        COMMENTS.row({
          workspace,
          id,
          entity_type: type,
          entity_id: entityId,
          text: comment.text,
          source_queue_id: comment.source_queue_id ?? null,
          created_at: now,
          created_by: user,
          last_updated_at: now,
          last_updated_by: user,
        }),
      );
      this.#changed(workspace, type, entityId);
    });
    return id;
  }

  /** @throws OpikError 404, also for a comment on another thing */
  get({ workspace }: Owner, { id: entityId }: Entity, id: string): Comment {
    const row = this.#store.find(workspace, id);
    if (row === undefined || row.entity_id !== entityId) throw notFound(id);
    return toComment(row);
  }

  /** @throws OpikError 404 */
  update({ workspace, user }: Owner, id: string, { text }: CommentRequest): void {
    this.#context.database.transaction(() => {
      const row = this.#store.find(workspace, id);
      if (row === undefined) throw notFound(id);
      this.#store.update({ ...row, text, last_updated_at: this.#context.clock.now(), last_updated_by: user });
      this.#changed(workspace, row.entity_type, row.entity_id);
    });
  }

  /** Deletes comments; ignores those that do not exist. */
  delete({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      for (const id of ids) {
        const row = this.#store.find(workspace, id);
        if (row === undefined) continue;
        this.#store.delete(workspace, id);
        this.#changed(workspace, row.entity_type, row.entity_id);
      }
    });
  }

  /** Deletes all comments on things that are deleted. */
  deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    this.#store.deleteOf(workspace, type, ids);
  }

  /** Looks up the comments on these things, the oldest first, in one query. */
  commentsOn(workspace: string, type: EntityType, ids: readonly string[]): (id: string) => Comment[] | undefined {
    const rows = Map.groupBy(this.#store.ofEntities(workspace, type, ids), ({ entity_id }) => entity_id);
    return (id) => rows.get(id)?.toSorted(byId).map(toComment);
  }

  /**
   * Deletes comments that were made longer ago than traces are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteCreated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  #changed(workspace: string, entity: EntityType, id: string): void {
    this.#context.events.emit("comments:changed", { entity, ids: [id], workspace });
  }
}

/** Ids contain the time. */
function byId(one: CommentRow, other: CommentRow): number {
  return one.id < other.id ? -1 : 1;
}

function toComment(row: CommentRow): Comment {
  return COMMENTS.toFields(row);
}

function notFound(id: string): OpikError {
  return OpikError.message(404, `Comment id: ${id} not found`);
}
