import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { Search } from "../../../database/search.ts";
import { type Sql, sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { type Fields, textOf } from "../../search/fields.ts";
import { contains } from "../../search/text-match.ts";
import { time } from "../../wire/columns.ts";
import type { OptimizationStatus } from "./schema.ts";

export const OPTIMIZATIONS = new Table("optimizations", {
  workspace: text().internal(),
  id: text(),
  dataset_id: text().changing(),
  dataset_name: text().changing(),
  project_id: text().nullable().changing(),
  name: text().changing(),
  objective_name: text().changing(),
  status: text<OptimizationStatus>().changing(),
  metadata_json: json().nullable().changing(),
  studio_json: json().nullable().internal().changing(),
  error_info_json: json().nullable().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
});
export type OptimizationRow = Row<typeof OPTIMIZATIONS>;

/** What optimizations are filtered by [opik 11.5]. */
export const OPTIMIZATION_FIELDS: Fields = {
  javaName: "OptimizationField",
  fields: {
    metadata: { type: "dictionary", sql: sql`metadata_json` },
    dataset_id: { type: "string", sql: textOf("dataset_id"), isIndexed: true },
    status: { type: "string", sql: textOf("status") },
  },
};

/** Which optimizations of a workspace; what is absent is no condition. */
export interface OptimizationConditions {
  workspace: string;
  datasetId?: string | undefined;
  projectId?: string | undefined;
  /** A part of the name, in any case. */
  name?: string | undefined;
  /** A part of the name of the dataset, in any case. */
  datasetName?: string | undefined;
  /** Only those whose dataset is deleted. */
  datasetDeleted?: boolean | undefined;
}

/** The SQL of optimizations. */
export class OptimizationStore {
  readonly #save;
  readonly #find;
  readonly #delete;
  readonly #experiments;
  readonly #rows;

  constructor(database: Database) {
    this.#save = database.prepare<[OptimizationRow]>(
      `${OPTIMIZATIONS.insertion} ON CONFLICT (workspace, id) DO UPDATE SET ${OPTIMIZATIONS.assignments}`,
    );
    this.#find = database.prepare<[string, string], OptimizationRow>(
      `SELECT ${OPTIMIZATIONS.list} FROM optimizations WHERE workspace = ? AND id = ?`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM optimizations WHERE workspace = ? AND id = ?");
    this.#experiments = database.prepare<[string, string], { id: string; type: string }>(
      "SELECT id, type FROM experiments WHERE workspace = +? AND optimization_id = ?",
    );
    this.#rows = new Search<OptimizationRow>(database, OPTIMIZATIONS.list, "optimizations");
  }

  /** Writes an optimization, or changes the one with its id. */
  save(row: OptimizationRow): void {
    this.#save.run(row);
  }

  find(workspace: string, id: string): OptimizationRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** Deletes an optimization; returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }

  /** The experiments of an optimization. */
  experiments(workspace: string, id: string): Array<{ id: string; type: string }> {
    return this.#experiments.all(workspace, id);
  }

  /** One page of optimizations, the newest id first, and how many there are in all. */
  page(
    where: ReadonlyArray<Sql | undefined>,
    limit: number,
    offset: number,
  ): { total: number; rows: OptimizationRow[] } {
    const order = { columns: ["id"], descending: true };
    return { total: this.#rows.count(where), rows: this.#rows.page({ where, order, limit, offset }) };
  }
}

/** The SQL of conditions. */
export function conditionsOf(conditions: OptimizationConditions): Array<Sql | undefined> {
  const { workspace, datasetId, projectId, name, datasetName, datasetDeleted } = conditions;
  return [
    sql`workspace = ${workspace}`,
    datasetId === undefined ? undefined : sql`dataset_id = ${datasetId}`,
    projectId === undefined ? undefined : sql`project_id = ${projectId}`,
    name === undefined ? undefined : contains(sql`name`, name),
    datasetName === undefined
      ? undefined
      : sql`dataset_id IN (SELECT id FROM datasets
          WHERE workspace = ${workspace} AND (${contains(sql`name`, datasetName)}))`,
    datasetDeleted ? sql`dataset_id NOT IN (SELECT id FROM datasets)` : undefined,
  ];
}
