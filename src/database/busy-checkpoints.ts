import { extname } from "node:path";
import { isSea } from "node:sea";
import { Worker } from "node:worker_threads";
import { attempt } from "../core/attempt.ts";
import type { Database } from "./database.ts";

/** How often the length of the log is looked at, in commits: it takes as long as a small statement. */
const COMMITS_BETWEEN = 20;
/** A log of about 8 MB: the thread needs some 100 ms for it. */
const WORTHWHILE_PAGES = 2_000;
/** A longer log shall begin anew. That happens only when a checkpoint has reached its end while nothing was written. */
const LONG_PAGES = 8_000;
/** What a checkpoint of the server itself may have left to do, so that it takes a few milliseconds. */
const FEW_PAGES = 200;

export interface BusyCheckpointsOptions {
  database: Database;
  /** Called with an error; the checkpoint is tried again. */
  onError: (error: unknown) => void;
}

/**
 * Checkpoints the write-ahead log while requests are served, in a thread of its own: it takes 10 ms for 1,000 pages and
 * waits for the disk. Without it, SQLite would do that within a commit when the log is long. The thread is made when it
 * is first needed, and not for a database in memory. The single executable has none: there SQLite's own way is left.
 */
export class BusyCheckpoints {
  readonly #options: BusyCheckpointsOptions;
  #commits = 0;
  #worker: Worker | undefined;
  #isBusy = false;
  #isStopped = false;

  constructor(options: BusyCheckpointsOptions) {
    this.#options = options;
    const { database, onError } = options;
    if (database.paths.length === 0 || isSea()) return;
    database.onCommit(() => {
      this.#commits += 1;
      if (this.#commits % COMMITS_BETWEEN === 0) attempt(() => this.#look(), onError);
    });
  }

  /** Ends the thread. To be called before the database is closed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#worker?.terminate();
  }

  #look(): void {
    if (this.#isBusy || this.#isStopped || this.#options.database.walPages() < WORTHWHILE_PAGES) return;
    this.#isBusy = true;
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(undefined, []);
  }

  #startWorker(): Worker {
    const { database } = this.#options;
    const [path = ""] = database.paths;
    // Beside this file, in the source as in the package.
    const file = new URL(`./checkpoint-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file, { workerData: { path }, execArgv: [] });
    worker.unref();
    worker.on("message", (failure: string | undefined) => this.#ended(failure));
    worker.on("error", (error) => {
      this.#worker = undefined;
      this.#ended(String(error));
    });
    return worker;
  }

  #ended(failure: string | undefined): void {
    const { database, onError } = this.#options;
    this.#isBusy = false;
    if (this.#isStopped) return;
    if (failure !== undefined) {
      onError(new Error(failure));
      return;
    }
    const { log, checkpointed } = database.walState();
    // Nothing is written meanwhile: the checkpoint reaches the end of the log.
    if (log > LONG_PAGES && log - checkpointed <= FEW_PAGES) attempt(() => database.checkpoint(), onError);
  }
}
