import type { Database } from "../../../database/database.ts";
import { Search } from "../../../database/search.ts";
import { isOneOf, type Sql, sql } from "../../../database/sql.ts";
import { contains } from "../../search/text-match.ts";
import type { Sorting } from "../../wire/sorting.ts";
import { EXPERIMENTS, type ExperimentRow } from "./row.ts";
import type { SortableExperimentField } from "./schema.ts";

/** Which experiments of a workspace; what is absent is no condition. */
export interface ExperimentConditions {
  workspace: string;
  ids?: readonly string[] | undefined;
  datasetId?: string | undefined;
  projectId?: string | undefined;
  optimizationId?: string | undefined;
  /** A part of the name, in any case. */
  name?: string | undefined;
  exactName?: string | undefined;
  types?: readonly string[] | undefined;
  /** Only experiments with a version of this prompt. */
  promptId?: string | undefined;
  /** Only experiments whose dataset is deleted. */
  datasetDeleted?: boolean | undefined;
  /** Only experiments without a project. */
  projectDeleted?: boolean | undefined;
}

const NEWEST_FIRST: Sorting<SortableExperimentField> = { field: "id", descending: true };

/** The SQL of experiments. */
export class ExperimentStore {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #delete;
  readonly #rows;

  constructor(database: Database) {
    this.#insert = EXPERIMENTS.insert(database);
    this.#update = database.prepare<[ExperimentRow]>(
      `UPDATE experiments SET ${EXPERIMENTS.assignments} WHERE workspace = :workspace AND id = :id`,
    );
    this.#find = database.prepare<[string, string], ExperimentRow>(
      `SELECT ${EXPERIMENTS.list} FROM experiments WHERE workspace = ? AND id = ?`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM experiments WHERE workspace = ? AND id = ?");
    this.#rows = new Search<ExperimentRow>(database, EXPERIMENTS.list, "experiments");
  }

  insert(row: ExperimentRow): void {
    this.#insert.run(row);
  }

  /** Writes the columns of an experiment that can change. */
  update(row: ExperimentRow): void {
    this.#update.run(row);
  }

  find(workspace: string, id: string): ExperimentRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** Deletes an experiment, not its items; returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }

  /** One page of experiments, and how many there are in all. */
  page(
    where: ReadonlyArray<Sql | undefined>,
    { field, descending }: Sorting<SortableExperimentField> = NEWEST_FIRST,
    limit: number,
    offset: number,
  ): { total: number; rows: ExperimentRow[] } {
    const columns = [...new Set([field === "tags" ? "tags_json" : field, "id"])];
    return {
      total: this.#rows.count(where),
      rows: this.#rows.page({ where, order: { columns, descending }, limit, offset }),
    };
  }

  /** Some experiments, the newest id first, from the one after `after` on. */
  after(where: ReadonlyArray<Sql | undefined>, after: string | undefined, limit: number): ExperimentRow[] {
    const order = { columns: ["id"], descending: true };
    return this.#rows.page({ where, order, after: after === undefined ? undefined : [after], limit });
  }
}

/** The SQL of conditions. */
export function conditionsOf(conditions: ExperimentConditions): Array<Sql | undefined> {
  const { workspace, ids, datasetId, projectId, optimizationId, name, exactName, types } = conditions;
  const { promptId, datasetDeleted, projectDeleted } = conditions;
  const equal = (column: Sql, value: string | undefined): Sql | undefined =>
    value === undefined ? undefined : sql`${column} = ${value}`;
  return [
    sql`workspace = ${workspace}`,
    ids && isOneOf(sql`id`, ids),
    equal(sql`dataset_id`, datasetId),
    equal(sql`project_id`, projectId),
    equal(sql`optimization_id`, optimizationId),
    name === undefined ? undefined : contains(sql`name`, name),
    equal(sql`name`, exactName),
    types && isOneOf(sql`type`, types),
    promptId === undefined
      ? undefined
      : sql`EXISTS (SELECT 1 FROM json_each(prompt_versions_json) WHERE value ->> 'prompt_id' = ${promptId})`,
    datasetDeleted ? sql`dataset_id NOT IN (SELECT id FROM datasets)` : undefined,
    projectDeleted ? sql`project_id IS NULL` : undefined,
  ];
}
