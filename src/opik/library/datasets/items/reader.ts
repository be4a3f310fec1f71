import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { type FilterConditions, queryFilters } from "../../../search/filters.ts";
import { jsonField, timeField } from "../../../wire/columns.ts";
import { offsetOf } from "../../../wire/page.ts";
import type { DatasetService } from "../service.ts";
import type { VersionService } from "../versions/service.ts";
import { columnsOf } from "./columns.ts";
import { ITEM_FIELDS } from "./filters.ts";
import { type Column, type DatasetItem, type ItemPage, MAX_STREAM, type StreamItems } from "./schema.ts";
import { itemNotFound } from "./service.ts";
import { type ItemRow, ItemStore } from "./store.ts";

export interface ItemReaderDependencies {
  datasets: DatasetService;
  versions: VersionService;
}

/** Which items of a dataset. Pages count from 1. */
export interface ItemFilter {
  page: number;
  size: number;
  /** A hash or a tag; default the latest version. */
  version?: string | undefined;
  filters: FilterConditions;
}

/** The number of items that an export reads at once, so that other requests are answered between. */
const READ_AT_ONCE = 100;

const FILTERS = queryFilters(ITEM_FIELDS);

/** Reads items of datasets [opik 10.2]. */
export class ItemReader {
  readonly #store: ItemStore;
  readonly #datasets: DatasetService;
  readonly #versions: VersionService;

  constructor(context: OpikContext, { datasets, versions }: ItemReaderDependencies) {
    this.#store = new ItemStore(context.database);
    this.#datasets = datasets;
    this.#versions = versions;
  }

  /** @throws OpikError 404 */
  get({ workspace }: Owner, id: string): DatasetItem {
    const [row] = this.#store.findLatest(workspace, id);
    return toItem(row ?? itemNotFound());
  }

  /**
   * Some items of a dataset, the newest id first; none of a dataset that does not exist.
   * @throws OpikError 400 for filters that cannot be read, 404 for an unknown version
   */
  stream(owner: Owner, request: StreamItems): Iterable<DatasetItem> {
    const dataset = this.#datasets.lookUp(owner, request)?.row;
    const version = dataset && this.#versionOf(owner, dataset.id, request.dataset_version);
    if (version === undefined) return [];
    const { where } = FILTERS.read(request.filters, "filters");
    const query = { where, after: request.last_retrieved_id, limit: request.steam_limit ?? MAX_STREAM };
    return this.#store.page(version.dataset_id, version.number, query).rows.map(toItem);
  }

  /**
   * One page of the items of a dataset, the newest id first.
   * @throws OpikError 404 for an unknown version
   */
  async list(owner: Owner, datasetId: string, filter: ItemFilter): Promise<ItemPage<DatasetItem>> {
    const version = this.#versionOf(owner, datasetId, filter.version);
    if (version === undefined) return { page: filter.page, size: 0, total: 0, content: [], columns: [] };
    const { where } = filter.filters;
    const { size, rows } = this.#store.page(datasetId, version.number, {
      where,
      limit: filter.size,
      offset: offsetOf(filter),
    });
    return {
      page: filter.page,
      size,
      total: where.length === 0 ? version.items_total : this.#store.count(datasetId, version.number, where),
      content: rows.map(toItem),
      columns: await this.#columnsIn(datasetId, version.number),
      sortable_by: [],
    };
  }

  /** The data of the items of the latest version as JSON, the newest id first, some items at a time. */
  *dataOf(workspace: string, datasetId: string): Generator<string[]> {
    const version = this.#versions.latest(workspace, datasetId);
    if (version === undefined) return;
    const read = this.#pages(datasetId, version.number);
    for (let texts = read(READ_AT_ONCE); texts.length > 0; texts = read(READ_AT_ONCE)) yield texts;
  }

  /** An item as a version of its dataset has it or, where that has none, in its newest state. */
  find(datasetId: string, id: string, version: number | undefined): DatasetItem | undefined {
    const state = version === undefined ? undefined : this.#store.find(datasetId, id, version);
    const row = state ?? this.#store.findNewest(datasetId, id);
    return row && toItem(row);
  }

  /** The fields of the data of all items of the latest version. */
  async columns({ workspace }: Owner, datasetId: string): Promise<Column[]> {
    const version = this.#versions.latest(workspace, datasetId);
    return version === undefined ? [] : this.#columnsIn(datasetId, version.number);
  }

  #versionOf({ workspace }: Owner, datasetId: string, reference: string | undefined) {
    const isNamed = reference !== undefined && reference.trim() !== "";
    return isNamed
      ? this.#versions.resolve(workspace, datasetId, reference)
      : this.#versions.latest(workspace, datasetId);
  }

  #columnsIn(datasetId: string, version: number): Promise<Column[]> {
    return columnsOf("data", this.#pages(datasetId, version));
  }

  /** Returns a function that reads the data of the next items of a version. */
  #pages(datasetId: string, version: number): (limit: number) => string[] {
    let after: string | undefined;
    return (limit) => {
      const rows = [...this.#store.page(datasetId, version, { where: [], after, limit }).rows];
      after = rows.at(-1)?.item_id ?? after;
      return rows.map(({ data_json }) => data_json);
    };
  }
}

/** An item as clients see it. */
function toItem(row: ItemRow): DatasetItem {
  return {
    id: row.item_id,
    dataset_item_id: row.item_id,
    trace_id: row.trace_id ?? undefined,
    span_id: row.span_id ?? undefined,
    source: row.source,
    data: jsonField(row.data_json),
    description: row.description ?? undefined,
    tags: row.tags_json === "[]" ? undefined : jsonField(row.tags_json),
    evaluators: jsonField(row.evaluators_json),
    execution_policy: jsonField(row.execution_policy_json),
    dataset_id: row.dataset_id,
    created_at: timeField(row.created_at),
    created_by: row.created_by,
    last_updated_at: timeField(row.last_updated_at),
    last_updated_by: row.last_updated_by,
  };
}
