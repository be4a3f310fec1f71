import { integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";
import type { AssertionSource, AssertionStatus, EntityType } from "./schema.ts";

const ASSERTIONS = new Table("assertion_results", {
  workspace: text(),
  entity_type: text<EntityType>(),
  entity_id: text(),
  project_id: text(),
  name: text(),
  status: text<AssertionStatus>().changing(),
  reason: text().nullable().changing(),
  source: text<AssertionSource>().changing(),
  created_at: integer(),
  created_by: text(),
  last_updated_at: integer().changing(),
  last_updated_by: text().changing(),
});
export type AssertionRow = Row<typeof ASSERTIONS>;

/** The SQL of results of assertions. */
export class AssertionStore {
  readonly #save;
  readonly #ofEntities;
  readonly #deleteOf;
  readonly #deleteCreated;

  constructor(database: Database) {
    this.#save = database.prepare<[AssertionRow]>(
      `${ASSERTIONS.insertion} ON CONFLICT (workspace, entity_type, entity_id, name)
       DO UPDATE SET ${ASSERTIONS.assignments}`,
    );
    this.#ofEntities = database.prepare<[string, EntityType, string], AssertionRow>(
      `SELECT ${ASSERTIONS.list} FROM assertion_results
       WHERE workspace = +? AND entity_type = +? AND entity_id IN (SELECT value FROM json_each(?)) ORDER BY sequence`,
    );
    this.#deleteOf = database.prepare<[string, EntityType, string]>(
      `DELETE FROM assertion_results
       WHERE workspace = +? AND entity_type = +? AND entity_id IN (SELECT value FROM json_each(?))`,
    );
    this.#deleteCreated = new SlicedDeletion(database, {
      table: ASSERTIONS.name,
      key: ["sequence"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  /** Deletes all results of these entities. */
  deleteOf(workspace: string, type: EntityType, ids: readonly string[]): void {
    this.#deleteOf.run(workspace, type, JSON.stringify(ids));
  }

  /** Deletes the results that were first written at `time` or before; returns whether there may be more. */
  deleteCreated(time: number): boolean {
    return this.#deleteCreated.run(time);
  }

  /** Writes a result, in place of the one of its name. */
  save(row: AssertionRow): void {
    this.#save.run(row);
  }

  /** The results of these entities, each in the order in which they came. */
  ofEntities(workspace: string, type: EntityType, ids: readonly string[]): AssertionRow[] {
    return this.#ofEntities.all(workspace, type, JSON.stringify(ids));
  }
}
