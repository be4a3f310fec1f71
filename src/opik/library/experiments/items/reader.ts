import { RawJson, stringifyJson } from "../../../../core/json.ts";
import { LongList } from "../../../../core/long-list.ts";
import { inSlices } from "../../../../core/slices.ts";
import type { SortKey } from "../../../../database/sliced-search.ts";
import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import type { FilterConditions } from "../../../search/filters.ts";
import type { RecordStats } from "../../../tracing/stats/stats.ts";
import type { TraceService } from "../../../tracing/traces/service.ts";
import { offsetOf } from "../../../wire/page.ts";
import { columnsOf } from "../../datasets/items/columns.ts";
import type { ItemReader } from "../../datasets/items/reader.ts";
import { type Column, type DatasetItem, type ItemPage, MAX_STREAM } from "../../datasets/items/schema.ts";
import { comparisonContains } from "./filters.ts";
import type { Outcomes } from "./outcomes.ts";
import { summarizeRuns } from "./outcomes.ts";
import type { ComparedItem, ExperimentItem, RunSummary } from "./schema.ts";
import { ComparisonStats } from "./stats.ts";
import { type Comparison, ExperimentItemStore } from "./store.ts";

export interface ExperimentItemReaderDependencies {
  outcomes: Outcomes;
  traces: TraceService;
  datasetItems: ItemReader;
}

/** An experiment whose items are compared. */
export interface ComparedExperiment {
  id: string;
  /** The number of the version of the dataset that it ran; `undefined` when it had none. */
  version: number | undefined;
}

/** Which items are compared, in which order. Pages count from 1. */
export interface ComparisonFilter {
  page: number;
  size: number;
  filters: FilterConditions;
  /** Text that the item of the dataset, or the trace that ran it, contains. */
  search?: string | undefined;
  sorting?: SortKey | undefined;
}

/** The number of items that are shown at once: their traces may be large. */
const ITEMS_AT_ONCE = 50;

/** Reads items of experiments, alone and side by side [opik 11.2, 11.3]. */
export class ExperimentItemReader {
  readonly #store: ExperimentItemStore;
  readonly #outcomes: Outcomes;
  readonly #traces: TraceService;
  readonly #datasetItems: ItemReader;

  constructor(context: OpikContext, { outcomes, traces, datasetItems }: ExperimentItemReaderDependencies) {
    this.#store = new ExperimentItemStore(context.database);
    this.#outcomes = outcomes;
    this.#traces = traces;
    this.#datasetItems = datasetItems;
  }

  /** Some items of these experiments, the newest id first, read a few at a time. */
  stream(
    owner: Owner,
    experimentIds: readonly string[],
    query: { last_retrieved_id?: string | undefined; limit?: number | undefined },
  ): LongList<ExperimentItem> {
    const { last_retrieved_id: first, limit = MAX_STREAM } = query;
    const read = (after: string | undefined, count: number) =>
      this.#store.ofExperiments(owner.workspace, experimentIds, after, Math.min(count, ITEMS_AT_ONCE));
    const show = (rows: ReturnType<typeof read>) => this.#outcomes.show(owner, rows);
    return new LongList(function* () {
      let after = first;
      for (let left = limit; left > 0; left -= ITEMS_AT_ONCE) {
        const rows = read(after, left);
        yield show(rows);
        if (rows.length < ITEMS_AT_ONCE) return;
        after = rows.at(-1)?.id;
      }
    });
  }

  /** One page of the items of a dataset that experiments ran, each with the items of the experiments. */
  async compare(
    owner: Owner,
    datasetId: string,
    experiments: readonly ComparedExperiment[],
    filter: ComparisonFilter,
  ): Promise<ItemPage<ComparedItem>> {
    const { filters, search, sorting } = filter;
    const comparison: Comparison = {
      experimentIds: experiments.map(({ id }) => id),
      where: [...filters.where, ...(search === undefined ? [] : [comparisonContains(search)])],
      sorting,
    };
    const itemIds = this.#store.datasetItems(owner.workspace, comparison, filter.size, offsetOf(filter));
    const version = experiments.find((experiment) => experiment.version !== undefined)?.version;
    const show = (part: readonly string[]) => this.#compareSome(owner, { datasetId, version, comparison }, part);
    return {
      page: filter.page,
      size: itemIds.length,
      total: this.#store.countDatasetItems(owner.workspace, comparison),
      content: new LongList(function* () {
        for (let first = 0; first < itemIds.length; first += ITEMS_AT_ONCE) {
          yield show(itemIds.slice(first, first + ITEMS_AT_ONCE));
        }
      }),
      columns: await this.#datasetItems.columns(owner, datasetId),
      sortable_by: [],
    };
  }

  /** Statistics of the traces of the items of experiments; items that are written meanwhile may count or not. */
  async stats(
    { workspace }: Owner,
    experiments: readonly ComparedExperiment[],
    filters: FilterConditions,
  ): Promise<RecordStats> {
    const experimentIds = experiments.map(({ id }) => id);
    const comparison: Comparison = { experimentIds, where: filters.where, sorting: undefined };
    const stats = new ComparisonStats();
    let after: string | undefined;
    await inSlices(() => {
      const rows = this.#store.compared(workspace, comparison, after, ITEMS_AT_ONCE);
      const traceIds = rows.map(({ trace_id }) => trace_id);
      const measures = this.#traces.measures(workspace, traceIds);
      for (const id of traceIds) stats.add(id, measures.get(id));
      after = rows.at(-1)?.id ?? after;
      return rows.length === ITEMS_AT_ONCE;
    });
    return stats.result();
  }

  /** The fields of the outputs of the traces of these experiments. */
  outputColumns(owner: Owner, experimentIds: readonly string[]): Promise<Column[]> {
    let after: string | undefined;
    return columnsOf("output", (limit) => {
      const rows = this.#store.ofExperiments(owner.workspace, experimentIds, after, limit);
      after = rows.at(-1)?.id ?? after;
      const traces = this.#traces.byIds(
        owner,
        rows.map(({ trace_id }) => trace_id),
      );
      return rows.map(({ trace_id }) => stringifyJson(traces.get(trace_id)?.output));
    });
  }

  #compareSome(
    owner: Owner,
    { datasetId, version, comparison }: { datasetId: string; version: number | undefined; comparison: Comparison },
    datasetItemIds: readonly string[],
  ): ComparedItem[] {
    const rows = this.#store.ofDatasetItems(owner.workspace, comparison, datasetItemIds);
    const byItem = Map.groupBy(this.#outcomes.show(owner, rows), ({ dataset_item_id }) => dataset_item_id);
    return datasetItemIds.map((id) => {
      const experiment_items = byItem.get(id) ?? [];
      const item = this.#datasetItems.find(datasetId, id, version) ?? missingItem(datasetId, id);
      return { ...item, experiment_items, run_summaries_by_experiment: summariesOf(experiment_items) };
    });
  }
}

/** A placeholder for a deleted item of a dataset, which the SDKs can read. */
function missingItem(dataset_id: string, id: string): DatasetItem {
  return {
    id,
    dataset_item_id: id,
    trace_id: undefined,
    span_id: undefined,
    source: "sdk",
    data: new RawJson("{}"),
    description: undefined,
    tags: undefined,
    evaluators: undefined,
    execution_policy: undefined,
    dataset_id,
    created_at: undefined,
    created_by: undefined,
    last_updated_at: undefined,
    last_updated_by: undefined,
  };
}

/** The results of the runs in each experiment, by its id. */
function summariesOf(items: readonly ExperimentItem[]): Map<string, RunSummary> | undefined {
  const summaries = [...Map.groupBy(items, ({ experiment_id }) => experiment_id)].flatMap(
    ([id, runs]): Array<[string, RunSummary]> => {
      const summary = summarizeRuns(runs);
      return summary === undefined ? [] : [[id, summary]];
    },
  );
  return summaries.length === 0 ? undefined : new Map(summaries);
}
