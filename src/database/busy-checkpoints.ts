import type { Worker } from "node:worker_threads";
import { attempt } from "../core/attempt.ts";
import { startWorker } from "../core/workers.ts";
import { addonFolder } from "./addon.ts";
import type { Database } from "./database.ts";

/** After how many commits the length of the log is looked at, at least and at most: it takes as long as a statement. */
const [MIN_COMMITS_BETWEEN, MAX_COMMITS_BETWEEN] = [20, 100];
/** A log of about 8 MB: the thread needs some 100 ms for it. */
const WORTHWHILE_PAGES = 2_000;
/** A longer log is to begin anew. That happens only when a checkpoint has reached its end while nothing was written. */
const LONG_PAGES = 8_000;
/** Then the server's own thread moves what is left, and waits for the disk: the log must not grow for ever. */
const TOO_LONG_PAGES = 32_000;

export interface BusyCheckpointsOptions {
  database: Database;
  /** Called with an error; the checkpoint is tried again. */
  onError: (error: unknown) => void;
}

/**
 * Checkpoints the write-ahead log while requests are served, in a thread of its own: it takes 10 ms for 1,000 pages and
 * waits for the disk. Without it, SQLite would do that within a commit when the log is long. The thread is made when it
 * is first needed, and not for a database in memory. Pages that are written while it works remain in the log: of a long
 * one, the thread moves what remains until it has reached the end, and the log begins anew. Deletions of old rows wait
 * meanwhile, so that it does.
 */
export class BusyCheckpoints {
  readonly #options: BusyCheckpointsOptions;
  /** How many commits there were since the length of the log was looked at, and after how many it is again. */
  #commits = 0;
  #commitsBetween = MIN_COMMITS_BETWEEN;
  #worker: Worker | undefined;
  #isBusy = false;
  #isStopped = false;
  /** How many pages had to be moved when the thread began. */
  #pagesBefore = 0;

  constructor(options: BusyCheckpointsOptions) {
    this.#options = options;
    const { database, onError } = options;
    if (database.paths.length === 0) return;
    database.onCommit(() => {
      this.#commits += 1;
      if (this.#commits >= this.#commitsBetween) attempt(() => this.#look(), onError);
    });
  }

  /** Ends the thread. To be called before the database is closed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#options.database.deletionsWait = false;
    await this.#worker?.terminate();
  }

  #look(): void {
    const pages = this.#isBusy || this.#isStopped ? 0 : this.#options.database.walPages();
    // Small commits do not fill the log soon.
    const commitsToFill = (this.#commits * (WORTHWHILE_PAGES - pages)) / Math.max(1, pages);
    this.#commits = 0;
    this.#commitsBetween = Math.max(MIN_COMMITS_BETWEEN, Math.min(commitsToFill / 2, MAX_COMMITS_BETWEEN));
    if (pages >= WORTHWHILE_PAGES) this.#letThreadMove(pages);
  }

  #letThreadMove(pages: number): void {
    this.#isBusy = true;
    this.#pagesBefore = pages;
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(undefined, []);
  }

  #startWorker(): Worker {
    const { database } = this.#options;
    const [path = ""] = database.paths;
    const worker = startWorker("checkpoint-worker", import.meta.url, { path, addonFolder: addonFolder() });
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
    database.deletionsWait = false;
    if (this.#isStopped) return;
    if (failure !== undefined) {
      onError(new Error(failure));
      return;
    }
    const { log, checkpointed } = database.walState();
    const remaining = log - checkpointed;
    if (log <= LONG_PAGES || remaining === 0) return;
    if (log > TOO_LONG_PAGES) {
      attempt(() => database.checkpoint(), onError);
      return;
    }
    // A reader of old rows, such as an export, keeps the log from being moved.
    if (remaining >= this.#pagesBefore) return;
    database.deletionsWait = true;
    this.#letThreadMove(remaining);
  }
}
