import type { Background } from "../../../../core/background.ts";
import { RawJson } from "../../../../core/json.ts";
import { nextTurn } from "../../../../core/slices.ts";
import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { OpikError } from "../../../wire/errors.ts";
import type { NewItem } from "../items/schema.ts";
import type { ItemService } from "../items/service.ts";
import type { DatasetService } from "../service.ts";
import { csvItems, readCsvHeader } from "./csv.ts";
import type { UploadForm } from "./form.ts";
import { checkJsonFile, FILE_FORMATS, jsonItems, textOf } from "./json.ts";

export interface UploadServiceDependencies {
  datasets: DatasetService;
  items: ItemService;
}

/** The real server reads so many items before it writes them: a mistake among them leaves out all. */
const BATCH_SIZE = 1000;

/** The number of items that are written at once, so that other requests are answered between. */
const WRITTEN_AT_ONCE = 100;

/** Writes the items of uploaded files to datasets, in the background [opik 10.5]. */
export class UploadService implements Background {
  readonly #context: OpikContext;
  readonly #datasets: DatasetService;
  readonly #items: ItemService;
  /** Ends the uploads in progress when the server stops. */
  #running = new AbortController();

  constructor(context: OpikContext, { datasets, items }: UploadServiceDependencies) {
    this.#context = context;
    this.#datasets = datasets;
    this.#items = items;
  }

  /** What an earlier process was writing is lost with it. */
  start(): void {
    this.#running = new AbortController();
    this.#datasets.failProcessing();
  }

  stop(): void {
    this.#running.abort();
  }

  /**
   * Checks the beginning of a CSV file, then writes its items in the background.
   * @throws OpikError 400 for a file without a header, 404 for an unknown dataset
   */
  async receiveCsv(owner: Owner, { file, datasetId }: UploadForm): Promise<void> {
    await readCsvHeader(file);
    const toItem = (data: Record<string, string>): NewItem => ({ source: "manual", data: RawJson.of(data) });
    this.#begin(owner, datasetId, mapped(csvItems(file), toItem));
  }

  /**
   * The same of a file of JSON.
   * @throws OpikError 400 for an unknown format, and for a file that is no list of objects; 404 for an unknown dataset
   */
  async receiveJson(owner: Owner, { file, datasetId, format: given }: UploadForm): Promise<void> {
    if (given === undefined) throw OpikError.errors(400, "format must not be null");
    const format = FILE_FORMATS.find((name) => name === given.toLowerCase());
    if (format === undefined) throw OpikError.message(400, "HTTP 400 Bad Request");
    const text = await textOf(file);
    checkJsonFile(text, format);
    this.#begin(owner, datasetId, jsonItems(text, format));
  }

  /** @throws OpikError 404 */
  #begin(owner: Owner, datasetId: string, items: AsyncIterable<NewItem>): void {
    const { signal } = this.#running;
    this.#datasets.require(owner, datasetId);
    this.#datasets.setStatus(owner, datasetId, "processing");
    this.#write(owner, datasetId, items, signal)
      .then(
        () => this.#end(owner, datasetId, { status: "completed" }),
        (error: unknown) => {
          if (signal.aborted) return;
          this.#end(owner, datasetId, {
            status: "failed",
            error: error instanceof Error ? error.message : String(error),
          });
        },
      )
      // The end itself may not be written, on a full disk.
      .catch(this.#context.reportError);
  }

  #end(owner: Owner, id: string, end: { status: "completed" | "failed"; error?: string }): void {
    const { database, events } = this.#context;
    database.transaction(() => {
      this.#datasets.setStatus(owner, id, end.status);
      events.emit("dataset:upload:ended", { id, workspace: owner.workspace, ...end });
    });
  }

  async #write(owner: Owner, datasetId: string, items: AsyncIterable<NewItem>, signal: AbortSignal): Promise<void> {
    const write = async (batch: NewItem[]): Promise<void> => {
      for (let index = 0; index < batch.length; index += WRITTEN_AT_ONCE) {
        await nextTurn();
        signal.throwIfAborted();
        this.#items.add(owner, datasetId, batch.slice(index, index + WRITTEN_AT_ONCE));
      }
    };
    let batch: NewItem[] = [];
    for await (const item of items) {
      batch.push(item);
      if (batch.length < BATCH_SIZE) continue;
      await write(batch);
      batch = [];
    }
    await write(batch);
    signal.throwIfAborted();
  }
}

async function* mapped<Value, Result>(
  values: AsyncIterable<Value>,
  change: (value: Value) => Result,
): AsyncGenerator<Result, void> {
  for await (const value of values) yield change(value);
}
