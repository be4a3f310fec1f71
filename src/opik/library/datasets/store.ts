import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { Search } from "../../../database/search.ts";
import { type Sql, sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import type { ProjectVisibility } from "../../projects/schema.ts";
import { time } from "../../wire/columns.ts";
import type { Sorting } from "../../wire/sorting.ts";
import type { DatasetStatus, DatasetType, SortableDatasetField } from "./schema.ts";

export const DATASETS = new Table("datasets", {
  id: text(),
  workspace: text().internal(),
  project_id: text().nullable(),
  name: text().changing(),
  /** The key by which names are compared. */
  name_key: text().internal().changing(),
  description: text().nullable().changing(),
  type: text<DatasetType>(),
  visibility: text<ProjectVisibility>().changing(),
  tags_json: json().nullable().changing(),
  /** `setStatus` changes it. */
  status: text<DatasetStatus>().default("unknown"),
  /** `noteExperiment` changes it. */
  last_created_experiment_at: time().nullable(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
});

export type DatasetRow = Row<typeof DATASETS>;

/** The experiments of a dataset. */
export interface ExperimentCount {
  count: number;
  /** When the newest one was made. */
  latest_at: number | null;
}

/** Which datasets of a workspace. */
export interface DatasetConditions {
  workspace: string;
  projectId?: string | undefined;
  /** A `LIKE` pattern for the key of the name. */
  pattern?: string | undefined;
  /** Only datasets that regular experiments were made with. */
  withExperimentsOnly?: boolean | undefined;
  /** Only datasets that optimizations use. */
  withOptimizationsOnly?: boolean | undefined;
  /** Only datasets of experiments with a version of this prompt. */
  promptId?: string | undefined;
  others?: readonly Sql[] | undefined;
}

/** What a field is sorted by. */
const SORTED_BY: Readonly<Record<SortableDatasetField, string>> = {
  id: "id",
  name: "name_key",
  description: "description",
  tags: "tags_json",
  created_at: "created_at",
  last_updated_at: "last_updated_at",
  created_by: "created_by",
  last_updated_by: "last_updated_by",
  last_created_experiment_at: "last_created_experiment_at",
};

/** The default order of a list. */
const NEWEST_FIRST: Sorting<SortableDatasetField> = { field: "id", descending: true };

/** The SQL of datasets. Names are compared by their keys. */
export class DatasetStore {
  readonly #insert;
  readonly #update;
  readonly #noteExperiment;
  readonly #setStatus;
  readonly #failProcessing;
  readonly #delete;
  readonly #countExperiments;
  readonly #countOptimizations;
  readonly #rows;

  constructor(database: Database) {
    this.#insert = DATASETS.insert(database);
    this.#update = DATASETS.update(database);
    this.#noteExperiment = database.prepare<[number, string, string]>(
      "UPDATE datasets SET last_created_experiment_at = ? WHERE workspace = ? AND id = ?",
    );
    this.#setStatus = database.prepare<[DatasetStatus, string, string]>(
      "UPDATE datasets SET status = ? WHERE workspace = ? AND id = ?",
    );
    this.#failProcessing = database.prepare<[]>("UPDATE datasets SET status = 'failed' WHERE status = 'processing'");
    this.#delete = database.prepare<[string, string]>("DELETE FROM datasets WHERE workspace = ? AND id = ?");
    this.#countExperiments = database.prepare<[object], ExperimentCount>(
      `SELECT count(*) AS count, max(created_at) AS latest_at FROM experiments
       WHERE workspace = :workspace AND dataset_id = :id`,
    );
    this.#countOptimizations = database
      .prepare<[string, string], number>("SELECT count(*) FROM optimizations WHERE workspace = +? AND dataset_id = ?")
      .pluck();
    this.#rows = new Search<DatasetRow>(database, DATASETS.list, "datasets");
  }

  insert(row: DatasetRow): void {
    this.#insert.run(row);
  }

  /** Writes the columns of a dataset that can change. */
  update(row: DatasetRow): void {
    this.#update.run(row);
  }

  /** Notes when an experiment was made with a dataset. */
  noteExperiment(workspace: string, id: string, at: number): void {
    this.#noteExperiment.run(at, workspace, id);
  }

  /** Notes what became of the last file that was uploaded to a dataset. */
  setStatus(workspace: string, id: string, status: DatasetStatus): void {
    this.#setStatus.run(status, workspace, id);
  }

  /** Notes that the files that are being read have failed, in all datasets. */
  failProcessing(): void {
    this.#failProcessing.run();
  }

  /** Deletes a dataset with its versions, not its items; returns whether there was one. */
  delete(workspace: string, id: string): boolean {
    return this.#delete.run(workspace, id).changes > 0;
  }

  countExperiments(workspace: string, id: string): ExperimentCount {
    return this.#countExperiments.get({ workspace, id }) ?? { count: 0, latest_at: null };
  }

  countOptimizations(workspace: string, id: string): number {
    return this.#countOptimizations.get(workspace, id) ?? 0;
  }

  /** A dataset of any workspace. */
  findAnywhere(id: string): DatasetRow | undefined {
    return this.#rows.where([sql`id = ${id}`])[0];
  }

  find(workspace: string, id: string): DatasetRow | undefined {
    return this.#rows.where([sql`id = ${id}`, sql`workspace = ${workspace}`])[0];
  }

  /**
   * The dataset of that name.
   * @param projectId `null` for a dataset of no project
   */
  findByKey(workspace: string, nameKey: string, projectId: string | null): DatasetRow | undefined {
    return this.#rows.where([
      sql`workspace = ${workspace}`,
      sql`name_key = ${nameKey}`,
      sql`coalesce(project_id, '') = ${projectId ?? ""}`,
    ])[0];
  }

  /** The newest dataset of that name in any project. */
  findInWorkspace(workspace: string, nameKey: string): DatasetRow | undefined {
    const where = [sql`workspace = ${workspace}`, sql`name_key = ${nameKey}`];
    return this.#rows.page({ where, order: { columns: ["id"], descending: true }, limit: 1 })[0];
  }

  /** One page of datasets, and how many there are in all. */
  page(
    conditions: DatasetConditions,
    { field, descending }: Sorting<SortableDatasetField> = NEWEST_FIRST,
    limit: number,
    offset: number,
  ): { total: number; rows: DatasetRow[] } {
    const where = conditionsOf(conditions);
    const columns = [...new Set([SORTED_BY[field], "id"])];
    return {
      total: this.#rows.count(where),
      rows: this.#rows.page({ where, order: { columns, descending }, limit, offset }),
    };
  }
}

function conditionsOf(conditions: DatasetConditions): Array<Sql | undefined> {
  const { workspace, projectId, pattern, withExperimentsOnly, withOptimizationsOnly } = conditions;
  const { promptId, others = [] } = conditions;
  return [
    sql`workspace = ${workspace}`,
    projectId === undefined ? undefined : sql`project_id = ${projectId}`,
    pattern === undefined ? undefined : sql`name_key LIKE ${pattern} ESCAPE '\\'`,
    withExperimentsOnly ? sql`last_created_experiment_at IS NOT NULL` : undefined,
    withOptimizationsOnly
      ? sql`EXISTS (SELECT 1 FROM optimizations
          WHERE optimizations.workspace = datasets.workspace AND optimizations.dataset_id = datasets.id)`
      : undefined,
    promptId === undefined
      ? undefined
      : sql`EXISTS (SELECT 1 FROM experiments JOIN json_each(experiments.prompt_versions_json)
          WHERE experiments.workspace = datasets.workspace AND experiments.dataset_id = datasets.id
            AND value ->> 'prompt_id' = ${promptId})`,
    ...others,
  ];
}
