import type { Database } from "../../../database/database.ts";
import { Search } from "../../../database/search.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { equals, type Sql, sql } from "../../../database/sql.ts";
import type { Entity, EntityType } from "../entity.ts";
import { SCORES, type ScoreRow } from "./score.ts";

/** Which names of scores. */
export interface NamesFilter {
  workspace: string;
  type: EntityType;
  /** Default all projects. */
  projectIds?: readonly string[] | undefined;
  /** A query for the ids of the things; default all. */
  entityIds?: Sql | undefined;
  /** Of spans: only those of this type. */
  spanType?: string | undefined;
}

/** The SQL of feedback scores. */
export class FeedbackStore {
  readonly #save;
  readonly #ofEntities;
  readonly #ofSpansOfTraces;
  readonly #delete: Search<ScoreRow>;
  readonly #remove;
  readonly #deleteOf;
  readonly #names: Search<{ name: string }>;
  readonly #deleteCreated;

  constructor(database: Database) {
    this.#save = database.prepare<[ScoreRow]>(
      `${SCORES.insertion} ON CONFLICT (workspace, entity_type, entity_id, name, author) DO UPDATE
       SET ${SCORES.assignments}`,
    );
    this.#ofEntities = database.prepare<[string, EntityType, string], ScoreRow>(
      `SELECT ${SCORES.list} FROM feedback_scores
       WHERE workspace = +? AND entity_type = +? AND entity_id IN (SELECT value FROM json_each(?))`,
    );
    this.#ofSpansOfTraces = database.prepare<[string, string], ScoreRow & { trace_id: string }>(
      `SELECT spans.trace_id, ${SCORES.listOf("feedback_scores")} FROM spans
       JOIN feedback_scores ON feedback_scores.workspace = spans.workspace
         AND feedback_scores.entity_type = 'span' AND feedback_scores.entity_id = spans.id
       WHERE spans.workspace = +? AND spans.trace_id IN (SELECT value FROM json_each(?))`,
    );
    this.#delete = new Search(database, SCORES.list, SCORES.name);
    this.#remove = database.prepare<[ScoreRow]>(
      `DELETE FROM feedback_scores WHERE workspace = +:workspace AND entity_type = +:entity_type
       AND entity_id = +:entity_id AND name = +:name AND author = +:author`,
    );
    this.#deleteOf = database.prepare<[string, EntityType, string]>(
      `DELETE FROM feedback_scores
       WHERE workspace = +? AND entity_type = +? AND entity_id IN (SELECT value FROM json_each(?))`,
    );
    this.#names = new Search(database, "DISTINCT name", SCORES.name);
    this.#deleteCreated = new SlicedDeletion(database, {
      table: SCORES.name,
      key: ["workspace", "entity_type", "entity_id", "name", "author"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  /** Writes a score, in place of the one that its author has given before under its name. */
  save(row: ScoreRow): void {
    this.#save.run(row);
  }

  /** The scores of these things, in any order. */
  ofEntities(workspace: string, type: EntityType, ids: readonly string[]): ScoreRow[] {
    return this.#ofEntities.all(workspace, type, JSON.stringify(ids));
  }

  /** The scores of the spans of these traces, in any order. */
  ofSpansOfTraces(workspace: string, traceIds: readonly string[]): Array<ScoreRow & { trace_id: string }> {
    return this.#ofSpansOfTraces.all(workspace, JSON.stringify(traceIds));
  }

  /** Deletes the scores of these names; returns how many there were. */
  delete(workspace: string, { type, id }: Entity, names: readonly string[], author: string | undefined): number {
    const rows = this.#delete
      .where([
        sql`workspace = ${workspace} AND entity_type = ${type} AND entity_id = ${id}`,
        equals("author", author ?? null),
      ])
      .filter(({ name }) => names.includes(name));
    for (const row of rows) this.#remove.run(row);
    return rows.length;
  }

  /** Deletes all scores of these things. */
  deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    this.#deleteOf.run(workspace, type, JSON.stringify(ids));
  }

  /** The names of scores, in alphabetical order. */
  names({ workspace, type, projectIds, entityIds, spanType }: NamesFilter): string[] {
    const inProjects =
      projectIds === undefined
        ? undefined
        : sql`project_id IN (SELECT value FROM json_each(${JSON.stringify(projectIds)}))`;
    const rows = this.#names.where([
      sql`workspace = ${workspace}`,
      inProjects,
      sql`entity_type = ${type}`,
      entityIds && sql`entity_id IN (${entityIds})`,
      spanType === undefined
        ? undefined
        : sql`EXISTS (SELECT 1 FROM spans WHERE spans.workspace = feedback_scores.workspace
            AND spans.id = feedback_scores.entity_id AND spans.type = ${spanType})`,
    ]);
    return rows.map(({ name }) => name).toSorted();
  }

  /** Deletes the scores that were first given at `time` or before. */
  deleteCreated(time: number): boolean {
    return this.#deleteCreated.run(time);
  }
}
