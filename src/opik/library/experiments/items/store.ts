import type { Database } from "../../../../database/database.ts";
import { Search } from "../../../../database/search.ts";
import type { SortKey } from "../../../../database/sliced-search.ts";
import { allOf, isOneOf, Sql, sql } from "../../../../database/sql.ts";
import { EXPERIMENT_ITEMS, type ExperimentItemRow } from "./row.ts";

const NEWEST_FIRST = { columns: ["id"], descending: true };

/** Which items of experiments are compared. */
export interface Comparison {
  experimentIds: readonly string[];
  /** Conditions on `experiment_items`. */
  where: readonly Sql[];
  /** What the items of the dataset are sorted by: the greatest value of their runs. */
  sorting: SortKey | undefined;
}

/** How many items an experiment has. */
export interface ItemCounts {
  traces: number;
  dataset_items: number;
}

/** The SQL of items of experiments. */
export class ExperimentItemStore {
  readonly #save;
  readonly #find;
  readonly #delete;
  readonly #deleteSome;
  readonly #counts;
  readonly #rows;
  readonly #compared;
  readonly #datasetItems;
  readonly #datasetItemCount;

  constructor(database: Database) {
    const updates = EXPERIMENT_ITEMS.columns
      .filter((column) => column !== "created_at" && column !== "created_by")
      .map((column) => `${column} = excluded.${column}`);
    this.#save = database.prepare<[ExperimentItemRow]>(
      `${EXPERIMENT_ITEMS.insertion} ON CONFLICT (workspace, id) DO UPDATE SET ${updates.join(", ")}`,
    );
    this.#find = database.prepare<[string, string], ExperimentItemRow>(
      `SELECT ${EXPERIMENT_ITEMS.list} FROM experiment_items WHERE workspace = ? AND id = ?`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM experiment_items WHERE workspace = ? AND id = ?");
    this.#deleteSome = database.prepare<[string, string, number]>(
      `DELETE FROM experiment_items WHERE sequence IN
         (SELECT sequence FROM experiment_items WHERE workspace = +? AND experiment_id = +? LIMIT +?)`,
    );
    this.#counts = database.prepare<[string, string], ItemCounts>(
      `SELECT count(DISTINCT trace_id) AS traces, count(DISTINCT dataset_item_id) AS dataset_items
       FROM experiment_items WHERE workspace = +? AND experiment_id = +?`,
    );
    this.#rows = new Search<ExperimentItemRow>(database, EXPERIMENT_ITEMS.list, "experiment_items");
    const compared = "experiment_items INDEXED BY experiment_items_of_dataset_item";
    this.#compared = new Search<ExperimentItemRow>(database, EXPERIMENT_ITEMS.list, compared);
    this.#datasetItems = new Search<{ id: string }>(database, "dataset_item_id AS id", compared);
    const count = "count(DISTINCT dataset_item_id) AS count";
    this.#datasetItemCount = new Search<{ count: number }>(database, count, compared);
  }

  /** Writes an item, in place of the one that has its id. */
  save(row: ExperimentItemRow): void {
    this.#save.run(row);
  }

  find(workspace: string, id: string): ExperimentItemRow | undefined {
    return this.#find.get(workspace, id);
  }

  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }

  /** Deletes some items of an experiment; returns how many. */
  deleteSome(workspace: string, experimentId: string, limit: number): number {
    return this.#deleteSome.run(workspace, experimentId, limit).changes;
  }

  counts(workspace: string, experimentId: string): ItemCounts {
    return this.#counts.get(workspace, experimentId) ?? { traces: 0, dataset_items: 0 };
  }

  /**
   * Items of these experiments, the newest id first.
   * @param after the id of the last item of the page before
   */
  ofExperiments(
    workspace: string,
    experimentIds: readonly string[],
    after: string | undefined,
    limit: number,
  ): ExperimentItemRow[] {
    return this.#rows.page({
      where: [sql`workspace = ${workspace}`, isOneOf(sql`experiment_id`, experimentIds)],
      order: NEWEST_FIRST,
      after: after === undefined ? undefined : [after],
      limit,
    });
  }

  /** The compared items that ran these items of a dataset, the newest id first. */
  ofDatasetItems(workspace: string, comparison: Comparison, datasetItemIds: readonly string[]): ExperimentItemRow[] {
    const where = [...conditionsOf(workspace, comparison), isOneOf(sql`dataset_item_id`, datasetItemIds)];
    return this.#compared.all(sql`WHERE ${allOf(where)} ORDER BY id DESC`);
  }

  /**
   * Some compared items, the newest id first.
   * @param after the id of the last item before
   */
  compared(workspace: string, comparison: Comparison, after: string | undefined, limit: number): ExperimentItemRow[] {
    return this.#rows.page({
      where: conditionsOf(workspace, comparison),
      order: NEWEST_FIRST,
      after: after === undefined ? undefined : [after],
      limit,
    });
  }

  /** One page of the ids of the dataset items that are compared, by default the newest first. */
  datasetItems(workspace: string, comparison: Comparison, limit: number, offset: number): string[] {
    const { sorting } = comparison;
    const direction = new Sql(sorting?.descending ? "DESC" : "ASC");
    const first = sorting === undefined ? sql`` : sql`max(${sorting.sql}) ${direction} NULLS LAST, `;
    const rows = this.#datasetItems.all(
      sql`WHERE ${allOf(conditionsOf(workspace, comparison))} GROUP BY dataset_item_id
        ORDER BY ${first}dataset_item_id DESC LIMIT ${limit} OFFSET ${offset}`,
    );
    return rows.map(({ id }) => id);
  }

  countDatasetItems(workspace: string, comparison: Comparison): number {
    return this.#datasetItemCount.where(conditionsOf(workspace, comparison))[0]?.count ?? 0;
  }
}

function conditionsOf(workspace: string, { experimentIds, where }: Comparison): Sql[] {
  return [sql`workspace = ${workspace}`, isOneOf(sql`experiment_id`, experimentIds), ...where];
}

/** The ids of the traces of experiments, by default of all of the workspace. */
export function traceIdsOf(
  workspace: string,
  { experimentIds, projectId }: { experimentIds?: readonly string[] | undefined; projectId?: string | undefined },
): Sql {
  const where = allOf([
    sql`workspace = ${workspace}`,
    experimentIds && isOneOf(sql`experiment_id`, experimentIds),
    projectId === undefined
      ? undefined
      : sql`experiment_id IN
          (SELECT id FROM experiments WHERE workspace = ${workspace} AND project_id = ${projectId})`,
  ]);
  return sql`SELECT trace_id FROM experiment_items WHERE ${where}`;
}
