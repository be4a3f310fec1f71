import type { Clock } from "../core/clock.ts";
import { Deadlines } from "../core/deadlines.ts";
import type { Database } from "./database.ts";

/**
 * How long the database must be idle before a checkpoint: longer than a pause within a burst of requests, shorter than
 * the interval of heartbeats.
 */
const QUIET_MS = 1_000;
/** SQLite's own measure of a log that is worth a checkpoint: about 4 MB. */
const WORTHWHILE_PAGES = 1_000;

export interface IdleCheckpointsOptions {
  clock: Clock;
  database: Database;
  /** Called with an error; the checkpoint is tried again. */
  onError: (error: unknown) => void;
}

/**
 * Checkpoints the write-ahead log while the database is idle. A checkpoint blocks the event loop, 70 ms for 6,000
 * pages: SQLite would run it within a request, and delay every open poll.
 */
export class IdleCheckpoints {
  readonly #deadlines: Deadlines;

  constructor({ clock, database, onError }: IdleCheckpointsOptions) {
    let quietAt = 0;
    this.#deadlines = new Deadlines({
      clock,
      onError,
      onDue: (key) => {
        if (clock.now() < quietAt) this.#deadlines.set(key, quietAt);
        else if (database.walPages() >= WORTHWHILE_PAGES) database.checkpoint();
      },
    });
    // A database in memory has no log.
    if (database.paths.length === 0) return;
    database.onCommit(() => {
      quietAt = clock.now() + QUIET_MS;
      // A timer for each commit would cost too much: the one timer is set again when it fires too early.
      if (this.#deadlines.size === 0) this.#deadlines.set("quiet", quietAt);
    });
  }

  /** Makes no more checkpoints; closing the database makes the last one. */
  stop(): void {
    this.#deadlines.close();
  }
}
