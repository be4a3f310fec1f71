import type { Sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import type { AssertionWrite } from "../assertions/schema.ts";
import type { AssertionService } from "../assertions/service.ts";
import type { Entity, EntityType } from "../entity.ts";
import type { FeedbackScore, ScoreDeletion, ScoreNames, ScoreOfBatch, ScoreRequest } from "./schema.ts";
import { average, type ScoreAverages, SCORES, toFeedbackScores, type ScoreRow } from "./score.ts";
import { FeedbackStore } from "./store.ts";

export interface FeedbackServiceDependencies {
  projects: ProjectService;
  assertions: AssertionService;
}

/** The category of scores that are results of assertions [opik 7.12]. */
const ASSERTION_CATEGORY = "suite_assertion";

/** A new score, with its author if that is not the owner of the request. */
export interface GivenScore extends ScoreRequest {
  author?: string | undefined;
}

/** Looks scores up by the id of their thing. */
type ScoresById = (id: string) => FeedbackScore[] | undefined;

/** The rules of feedback scores: each author has one of each name, and the last one counts [opik 7.12]. */
export class FeedbackService {
  readonly #context: OpikContext;
  readonly #projects: ProjectService;
  readonly #assertions: AssertionService;
  readonly #store: FeedbackStore;

  constructor(context: OpikContext, { projects, assertions }: FeedbackServiceDependencies) {
    this.#assertions = assertions;
    this.#context = context;
    this.#projects = projects;
    this.#store = new FeedbackStore(context.database);
  }

  /**
   * Scores traces or spans, which need not exist yet.
   * @throws OpikError 400 for an id that is no UUIDv7; then none is scored
   */
  scoreBatch(owner: Owner, type: "trace" | "span", scores: readonly ScoreOfBatch[]): void {
    for (const { id } of scores) requireVersion7(id, type);
    this.#context.database.transaction(() => {
      const { assertions = [], others = [] } = Object.groupBy(scores, ({ category_name }) =>
        category_name === ASSERTION_CATEGORY ? "assertions" : "others",
      );
      if (assertions.length > 0) {
        this.#assertions.put(owner, { entity_type: type, assertion_results: assertions.map(toAssertion) });
      }
      for (const { id, project_name, ...score } of others) {
        this.#save(owner, { type, id }, this.#projects.getOrCreate(owner, project_name), score);
      }
      if (others.length > 0) this.#written(owner, type, [...new Set(others.map(({ id }) => id))]);
    });
  }

  /** Scores one thing of a project. */
  score(owner: Owner, entity: Entity, projectId: string, scores: readonly GivenScore[]): void {
    this.#context.database.transaction(() => {
      for (const score of scores) this.#save(owner, entity, projectId, score);
      this.#written(owner, entity.type, [entity.id]);
    });
  }

  /** Deletes a score, of one author or of all; does nothing when there is none. */
  delete(owner: Owner, entity: Entity, { name, author }: ScoreDeletion): void {
    this.deleteAll(owner, entity, [name], author);
  }

  /** Deletes the scores of these names, of one author or of all. */
  deleteAll(owner: Owner, entity: Entity, names: readonly string[], author: string | undefined): void {
    this.#context.database.transaction(() => {
      if (this.#store.delete(owner.workspace, entity, names, author) > 0)
        this.#written(owner, entity.type, [entity.id]);
    });
  }

  /** Deletes all scores and results of assertions of things that are deleted. */
  deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    this.#store.deleteOf(workspace, type, ids);
    this.#assertions.deleteOf(workspace, type, ids);
  }

  /** The scores of these things by each author, in any order. */
  rowsOf(workspace: string, type: EntityType, ids: readonly string[]): ScoreRow[] {
    return this.#store.ofEntities(workspace, type, ids);
  }

  /** Looks up the scores of these things, in one query. */
  scoresOf(workspace: string, type: EntityType, ids: readonly string[]): ScoresById {
    const rows = Map.groupBy(this.#store.ofEntities(workspace, type, ids), ({ entity_id }) => entity_id);
    return (id) => {
      const ofThis = rows.get(id);
      return ofThis && toFeedbackScores(ofThis);
    };
  }

  /** Looks up the averages of the scores of the spans of these traces, in one query. */
  scoresOfSpans(workspace: string, traceIds: readonly string[]): ScoresById {
    const rows = Map.groupBy(this.#store.ofSpansOfTraces(workspace, traceIds), ({ trace_id }) => trace_id);
    return (id) => {
      const ofThis = rows.get(id);
      return ofThis && toFeedbackScores(ofThis);
    };
  }

  /** The values of the scores of these things by thing and name, averaged over authors. */
  valuesOf(workspace: string, type: EntityType, ids: readonly string[]): Map<string, Map<string, number>> {
    const byThing = Map.groupBy(this.#store.ofEntities(workspace, type, ids), ({ entity_id }) => entity_id);
    return new Map(
      [...byThing].map(([id, rows]) => {
        const byName = Map.groupBy(rows, ({ name }) => name);
        return [id, new Map([...byName].map(([name, ofName]) => [name, average(ofName)]))];
      }),
    );
  }

  /** Adds the scores of these things to averages. */
  addTo(averages: ScoreAverages, workspace: string, type: EntityType, ids: readonly string[]): void {
    averages.add(this.#store.ofEntities(workspace, type, ids));
  }

  /**
   * The names of scores.
   * @param projectIds default all projects
   * @param spanType of spans: the only type
   */
  names({ workspace }: Owner, type: EntityType, projectIds?: readonly string[], spanType?: string): ScoreNames {
    return { scores: this.#store.names({ workspace, type, projectIds, spanType }).map((name) => ({ name })) };
  }

  /** The names of the scores of things whose ids this query has. */
  namesAmong(workspace: string, type: EntityType, entityIds: Sql): string[] {
    return this.#store.names({ workspace, type, entityIds });
  }

  /**
   * Deletes scores that were given longer ago than traces are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteCreated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  #save({ workspace, user }: Owner, { type, id }: Entity, projectId: string, score: GivenScore): void {
    const now = this.#context.clock.now();
    this.#store.save(
      SCORES.row({
        workspace,
        entity_type: type,
        entity_id: id,
        name: score.name,
        author: score.author ?? user,
        project_id: projectId,
        value: score.value,
        category_name: score.category_name ?? null,
        reason: score.reason ?? null,
        source: score.source,
        source_queue_id: score.source_queue_id ?? null,
        created_at: now,
        created_by: user,
        last_updated_at: now,
        last_updated_by: user,
      }),
    );
  }

  #written({ workspace }: Owner, entity: EntityType, ids: readonly string[]): void {
    this.#context.events.emit("feedback-scores:changed", { entity, ids, workspace });
  }
}

/** A score that is the result of an assertion: clients send it to older servers, which have no other endpoint. */
function toAssertion({ id, name, value, reason, source, project_name }: ScoreOfBatch): AssertionWrite {
  return {
    entity_id: id,
    name,
    status: value >= 1 ? "passed" : "failed",
    reason,
    source,
    project_name,
    project_id: undefined,
  };
}
