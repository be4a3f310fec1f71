import type { RawJson } from "../../../../core/json.ts";
import { nextTurn } from "../../../../core/slices.ts";
import type { Owner } from "../../../access/owner.ts";
import type { Span } from "../../../tracing/spans/schema.ts";
import type { SpanService } from "../../../tracing/spans/service.ts";
import type { Trace } from "../../../tracing/traces/schema.ts";
import type { TraceService } from "../../../tracing/traces/service.ts";
import { OpikError } from "../../../wire/errors.ts";
import type { NewItem } from "../items/schema.ts";
import type { ItemService } from "../items/service.ts";
import type { DatasetType } from "../schema.ts";
import type { DatasetService } from "../service.ts";
import { hasInputAlone, inputData, mappedData, recordFields, spanFields } from "./item-data.ts";
import type { ItemsFromSpans, ItemsFromTraces } from "./schema.ts";

export interface RecordItemServiceDependencies {
  datasets: DatasetService;
  items: ItemService;
  traces: TraceService;
  spans: SpanService;
}

/** The number of records of which items are made at once, so that other requests are answered between. */
const MADE_AT_ONCE = 100;

/** Makes items of datasets from traces and spans [opik 10.6]. */
export class RecordItemService {
  readonly #datasets: DatasetService;
  readonly #items: ItemService;
  readonly #traces: TraceService;
  readonly #spans: SpanService;

  constructor({ datasets, items, traces, spans }: RecordItemServiceDependencies) {
    this.#datasets = datasets;
    this.#items = items;
    this.#traces = traces;
    this.#spans = spans;
  }

  /**
   * Adds an item for each of these traces to the latest version of a dataset; those that do not exist are left out.
   * @throws OpikError 404 for an unknown dataset
   */
  async addTraces(owner: Owner, datasetId: string, { trace_ids: ids, ...request }: ItemsFromTraces): Promise<void> {
    const { enrichment_options: options } = request;
    await this.#add(owner, datasetId, ids, async (type, part) => {
      const items: NewItem[] = [];
      for (const [trace_id, trace] of this.#traces.byIds(owner, part)) {
        const spans = options.include_spans ? await this.#spans.ofTrace(owner, trace_id) : [];
        const data = dataOf(type, request, trace, { spans: spanFields(spans) });
        items.push({ source: "trace", trace_id, data, ...contentOf(request) });
      }
      return items;
    });
  }

  /**
   * Adds an item for each of these spans to the latest version of a dataset; those that do not exist are left out.
   * @throws OpikError 404 for an unknown dataset
   */
  async addSpans(owner: Owner, datasetId: string, { span_ids: ids, ...request }: ItemsFromSpans): Promise<void> {
    await this.#add(owner, datasetId, ids, async (type, part) =>
      [...this.#spans.byIds(owner, part)].map(([span_id, span]) => ({
        source: "span",
        span_id,
        data: dataOf(type, request, span),
        ...contentOf(request),
      })),
    );
  }

  async #add(
    owner: Owner,
    datasetId: string,
    ids: readonly string[],
    itemsOf: (type: DatasetType, ids: readonly string[]) => Promise<NewItem[]>,
  ): Promise<void> {
    for (let index = 0; index < ids.length; index += MADE_AT_ONCE) {
      if (index > 0) await nextTurn();
      const items = await itemsOf(this.#typeOf(owner, datasetId), ids.slice(index, index + MADE_AT_ONCE));
      // It may have been deleted while the spans were read.
      this.#typeOf(owner, datasetId);
      if (items.length > 0) this.#items.add(owner, datasetId, items);
    }
  }

  /** @throws OpikError 404 */
  #typeOf(owner: Owner, datasetId: string): DatasetType {
    const dataset = this.#datasets.find(owner, datasetId);
    if (dataset === undefined) throw OpikError.message(404, `Dataset not found: '${datasetId}'`);
    return dataset.type;
  }
}

type ItemRequest = Omit<ItemsFromSpans, "span_ids">;

function dataOf(
  type: DatasetType,
  { enrichment_options, field_mappings }: ItemRequest,
  record: Trace | Span,
  more: { spans?: unknown } = {},
): RawJson {
  if (hasInputAlone(type)) return inputData(record);
  return mappedData(record, { ...recordFields(record, enrichment_options), ...more }, field_mappings);
}

function contentOf({ evaluators, execution_policy }: ItemRequest): Pick<NewItem, "evaluators" | "execution_policy"> {
  return { evaluators, execution_policy };
}
