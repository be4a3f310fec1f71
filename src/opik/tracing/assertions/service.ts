import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import { OpikError } from "../../wire/errors.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import type { EntityType, PutAssertions } from "./schema.ts";
import { type AssertionRow, AssertionStore } from "./store.ts";

export interface AssertionServiceDependencies {
  projects: ProjectService;
}

const THREAD_IS_UNSUPPORTED = "Unsupported entity_type 'THREAD' for assertion-results — supported types: [TRACE, SPAN]";

/** The rules of results of assertions: one of each name for a trace or span, which need not be there [opik 11.4]. */
export class AssertionService {
  readonly #context: OpikContext;
  readonly #store: AssertionStore;
  readonly #projects: ProjectService;

  constructor(context: OpikContext, { projects }: AssertionServiceDependencies) {
    this.#context = context;
    this.#store = new AssertionStore(context.database);
    this.#projects = projects;
  }

  /**
   * Writes results.
   * @throws OpikError 400 for threads and for ids that are no UUIDv7, 404 for an unknown project id; then none is written
   */
  put(owner: Owner, { entity_type: type, assertion_results: results }: PutAssertions): void {
    if (type === "thread") throw OpikError.message(400, THREAD_IS_UNSUPPORTED);
    this.#context.database.transaction(() => {
      const now = this.#context.clock.now();
      for (const result of results) {
        requireVersion7(result.entity_id, type);
        this.#store.save({
          workspace: owner.workspace,
          entity_type: type,
          entity_id: result.entity_id,
          project_id: this.#projects.idForWrite(owner, result),
          name: result.name,
          status: result.status,
          reason: result.reason ?? null,
          source: result.source,
          created_at: now,
          created_by: owner.user,
          last_updated_at: now,
          last_updated_by: owner.user,
        });
      }
      const ids = [...new Set(results.map(({ entity_id }) => entity_id))];
      this.#context.events.emit("assertions:written", { type, ids, workspace: owner.workspace });
    });
  }

  /** Deletes all results of traces or spans that are deleted. */
  deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    this.#store.deleteOf(workspace, type, ids);
  }

  /**
   * Deletes results that were first written longer ago than traces are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteCreated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  /** The results of each of these traces or spans, in one query. */
  resultsOf(workspace: string, type: EntityType, ids: readonly string[]): (id: string) => readonly AssertionRow[] {
    const results = Map.groupBy(this.#store.ofEntities(workspace, type, ids), ({ entity_id }) => entity_id);
    return (id) => results.get(id) ?? [];
  }
}
