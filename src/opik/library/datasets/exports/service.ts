import type { Background } from "../../../../core/background.ts";
import { nextTurn } from "../../../../core/slices.ts";
import { type AttachedFiles, openAttachedFiles } from "../../../../database/attached-files.ts";
import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { timeField } from "../../../wire/columns.ts";
import { OpikError } from "../../../wire/errors.ts";
import type { ItemReader } from "../items/reader.ts";
import type { DatasetService } from "../service.ts";
import { csvLine, csvValues } from "./csv.ts";
import type { ExportJob } from "./schema.ts";
import { EXPORT_JOBS, type ExportJobRow, ExportStore } from "./store.ts";

export interface ExportServiceDependencies {
  datasets: DatasetService;
  reader: ItemReader;
}

/** The file of an export. */
export interface ExportFile {
  name: string;
  content: ReadableStream<Uint8Array>;
}

/** The user by whom the real server changes jobs in the background. */
const SYSTEM_USER = "system";

/** How long a file is kept. */
const TIME_TO_LIVE_MS = 24 * 60 * 60 * 1000;

/** The number of jobs that are deleted at once. */
const DELETED_AT_ONCE = 100;

const UUID_LENGTH = 36;

/** Exports the items of datasets to CSV files, in the background [opik 10.4]. */
export class ExportService implements Background {
  readonly #context: OpikContext;
  readonly #store: ExportStore;
  readonly #files: AttachedFiles;
  readonly #datasets: DatasetService;
  readonly #reader: ItemReader;
  /** Ends the jobs that run when the server stops. */
  #running = new AbortController();

  constructor(context: OpikContext, { datasets, reader }: ExportServiceDependencies) {
    this.#context = context;
    this.#store = new ExportStore(context.database);
    this.#files = openAttachedFiles(context.database.paths[0], "exports");
    this.#datasets = datasets;
    this.#reader = reader;
  }

  /** Runs the jobs that an earlier process has not finished. */
  start(): void {
    this.#running = new AbortController();
    for (const job of this.#store.inProgress()) this.#runInBackground(job);
    this.sweep();
  }

  stop(): void {
    this.#running.abort();
  }

  /** Deletes files that have no job: after a crash, or a reset. */
  sweep(): void {
    this.#files.sweep((name) => this.#store.hasFile(name.slice(0, UUID_LENGTH))).catch(this.#context.reportError);
  }

  /**
   * Begins an export of the latest version of a dataset, unless one is in progress: then returns that one.
   * @throws OpikError 404
   */
  begin(owner: Owner, datasetId: string): ExportJob {
    const { clock, database, ids } = this.#context;
    this.#datasets.require(owner, datasetId);
    const running = this.#store.inProgressOf(datasetId);
    if (running !== undefined) return this.#show(running);
    const now = clock.now();
    const row = EXPORT_JOBS.row({
      id: ids.uuid(),
      workspace: owner.workspace,
      dataset_id: datasetId,
      status: "PENDING",
      created_at: now,
      created_by: owner.user,
      last_updated_at: now,
      expires_at: now + TIME_TO_LIVE_MS,
    });
    database.transaction(() => this.#store.insert(row));
    this.#runInBackground(row);
    return { ...this.#show(row), dataset_name: undefined };
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): ExportJob {
    return this.#show(this.#require(owner, id));
  }

  /** The jobs of a workspace, the newest first. */
  list({ workspace }: Owner): ExportJob[] {
    return this.#store.ofWorkspace(workspace).map((row) => this.#show(row));
  }

  /**
   * Notes that a user has seen a job; the first time counts.
   * @throws OpikError 404
   */
  markViewed(owner: Owner, id: string): void {
    this.#context.database.transaction(() => {
      const row = this.#require(owner, id);
      if (row.viewed_at !== null) return;
      const now = this.#context.clock.now();
      this.#store.update({ ...row, viewed_at: now, last_updated_at: now, last_updated_by: owner.user });
    });
  }

  /**
   * The file of a job that is completed.
   * @throws OpikError 404, 400 for a job that is not completed
   */
  download(owner: Owner, id: string): ExportFile {
    const row = this.#require(owner, id);
    if (row.status === "FAILED") throw OpikError.message(400, `Export job '${id}' failed: ${row.error_message}`);
    if (row.status !== "COMPLETED") {
      throw OpikError.message(400, `Export job '${id}' is not ready for download (status: ${row.status})`);
    }
    const name = this.#datasets.find(owner, row.dataset_id)?.name;
    const content = this.#files.read(id, { start: 0, end: (row.size ?? 0) - 1 });
    return { name: fileNameOf(name, id), content };
  }

  /**
   * Deletes jobs whose files have expired, and failed ones that a user has seen.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    const expired = this.#store.deleteExpired(this.#context.clock.now(), DELETED_AT_ONCE);
    const viewed = this.#store.deleteViewed(DELETED_AT_ONCE);
    for (const id of expired) this.#files.delete(id).catch(this.#context.reportError);
    return Math.max(expired.length, viewed.length) === DELETED_AT_ONCE;
  }

  #runInBackground(row: ExportJobRow): void {
    const { signal } = this.#running;
    this.#run(row, signal)
      .catch((error: unknown) => {
        if (signal.aborted) return;
        this.#context.reportError(error);
        this.#change(row, { status: "FAILED", error_message: "Failed to export dataset. Please try again later." });
      })
      // The failure itself may not be written, on a full disk.
      .catch(this.#context.reportError);
  }

  /** Rejects when the export fails or the server stops; the job is in progress then. */
  async #run(row: ExportJobRow, signal: AbortSignal): Promise<void> {
    await turnUnless(signal);
    this.#change(row, { status: "PROCESSING" });
    let size = 0;
    const counted = async function* (lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
      for await (const text of lines) {
        const bytes = Buffer.from(text);
        size += bytes.length;
        yield bytes;
        await turnUnless(signal);
      }
    };
    await this.#files.write(row.id, counted(this.#linesOf(row)));
    signal.throwIfAborted();
    const now = this.#context.clock.now();
    const time = new Date(now).toISOString().replaceAll(":", "-");
    this.#change(row, {
      status: "COMPLETED",
      file_path: `exports/${row.workspace}/datasets/${row.dataset_id}/export_${time}.csv`,
      size,
      expires_at: now + TIME_TO_LIVE_MS,
    });
  }

  /** The lines of the file, some at a time: names of columns, then an item each. */
  async *#linesOf({ workspace, dataset_id: datasetId, created_by: user }: ExportJobRow): AsyncGenerator<string> {
    const columns = (await this.#reader.columns({ workspace, user }, datasetId)).map(({ name }) => name);
    if (columns.length === 0) return;
    yield csvLine(columns);
    for (const texts of this.#reader.dataOf(workspace, datasetId)) {
      yield texts.map((text) => csvLine(csvValues(text, columns))).join("");
    }
  }

  /** Changes a job as it is now; does nothing when it was deleted. */
  #change({ workspace, id }: ExportJobRow, change: Partial<ExportJobRow>): void {
    const { clock, database } = this.#context;
    database.transaction(() => {
      const row = this.#store.find(workspace, id);
      if (row === undefined) return;
      this.#store.update({ ...row, last_updated_at: clock.now(), last_updated_by: SYSTEM_USER, ...change });
    });
  }

  #require({ workspace }: Owner, id: string): ExportJobRow {
    const row = this.#store.find(workspace, id);
    if (row === undefined) throw OpikError.message(404, `Export job not found: '${id}'`);
    return row;
  }

  #show(row: ExportJobRow): ExportJob {
    const owner = { workspace: row.workspace, user: row.created_by };
    return {
      id: row.id,
      dataset_id: row.dataset_id,
      dataset_name: this.#datasets.find(owner, row.dataset_id)?.name,
      status: row.status,
      file_path: row.file_path ?? undefined,
      error_message: row.error_message ?? undefined,
      created_at: timeField(row.created_at),
      last_updated_at: timeField(row.last_updated_at),
      expires_at: timeField(row.expires_at),
      viewed_at: timeField(row.viewed_at),
      created_by: row.created_by,
      last_updated_by: row.last_updated_by ?? undefined,
    };
  }
}

/** The next turn of the event loop. @throws the reason for which the signal was aborted by then */
async function turnUnless(signal: AbortSignal): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
}

/** Characters that the real server removes from names of files. */
const UNSAFE = /[\p{Cc}"\\]/gu;

const MAX_NAME_LENGTH = 100;

/** The first half of a character beyond the BMP, which the limit has cut in two. */
const HALF_AT_END = /[\uD800-\uDBFF]$/;

function fileNameOf(datasetName: string | undefined, jobId: string): string {
  const name = datasetName?.replaceAll(UNSAFE, "").trim().slice(0, MAX_NAME_LENGTH).replace(HALF_AT_END, "") ?? "";
  return `${name === "" ? `dataset-export-${jobId}` : name}.csv`;
}
