import type { Database } from "../../../../database/database.ts";
import { Search } from "../../../../database/search.ts";
import { isOneOf, type Sql, sql } from "../../../../database/sql.ts";
import { EXPERIMENT_ITEMS, type ExperimentItemRow } from "./row.ts";

const NEWEST_FIRST = { columns: ["id"], descending: true };

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
  readonly #ofDatasetItems;
  readonly #rows;
  readonly #datasetItems;
  readonly #countDatasetItems;

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
    this.#ofDatasetItems = database.prepare<[string, string, string], ExperimentItemRow>(
      `SELECT ${EXPERIMENT_ITEMS.list} FROM experiment_items INDEXED BY experiment_items_of_dataset_item
       WHERE workspace = +? AND experiment_id IN (SELECT value FROM json_each(?))
         AND dataset_item_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC`,
    );
    this.#rows = new Search<ExperimentItemRow>(database, EXPERIMENT_ITEMS.list, "experiment_items");
    this.#datasetItems = database
      .prepare<[string, string, number, number], string>(
        `SELECT DISTINCT dataset_item_id FROM experiment_items
         WHERE workspace = +? AND experiment_id IN (SELECT value FROM json_each(?))
         ORDER BY dataset_item_id DESC LIMIT +? OFFSET +?`,
      )
      .pluck();
    this.#countDatasetItems = database
      .prepare<[string, string], number>(
        `SELECT count(DISTINCT dataset_item_id) FROM experiment_items
         WHERE workspace = +? AND experiment_id IN (SELECT value FROM json_each(?))`,
      )
      .pluck();
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

  /** The items of these experiments that ran these items of a dataset, the newest id first. */
  ofDatasetItems(
    workspace: string,
    experimentIds: readonly string[],
    datasetItemIds: readonly string[],
  ): ExperimentItemRow[] {
    return this.#ofDatasetItems.all(workspace, JSON.stringify(experimentIds), JSON.stringify(datasetItemIds));
  }

  /** One page of the ids of dataset items that these experiments ran, the newest first. */
  datasetItems(workspace: string, experimentIds: readonly string[], limit: number, offset: number): string[] {
    return this.#datasetItems.all(workspace, JSON.stringify(experimentIds), limit, offset);
  }

  countDatasetItems(workspace: string, experimentIds: readonly string[]): number {
    return this.#countDatasetItems.get(workspace, JSON.stringify(experimentIds)) ?? 0;
  }
}

/**
 * The ids of the traces of experiments.
 * @param experimentIds default all of the workspace
 */
export function traceIdsOf(workspace: string, experimentIds: readonly string[] | undefined): Sql {
  const isMeant = experimentIds === undefined ? sql`` : sql` AND ${isOneOf(sql`experiment_id`, experimentIds)}`;
  return sql`SELECT trace_id FROM experiment_items WHERE workspace = ${workspace}${isMeant}`;
}
