import type { Clock } from "../core/clock.ts";
import { Deadlines } from "../core/deadlines.ts";
import type { Database } from "./database.ts";

/** Nobody writes for this long: a pause between two bursts of requests, shorter than one between heartbeats. */
const QUIET_MS = 1_000;
/** SQLite's own measure of a log that is worth a checkpoint: about 4 MB. */
const WORTHWHILE_PAGES = 1_000;

export interface IdleCheckpointsOptions {
  clock: Clock;
  database: Database;
  /** Takes what went wrong; it is tried again. */
  onError: (error: unknown) => void;
}

/**
 * Moves the write-ahead log into the file when nobody writes. A checkpoint stalls the event loop, 70 ms for
 * 6,000 pages: SQLite would make it in the middle of a request, and a poll would be answered that much later.
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
    database.onCommit(() => {
      quietAt = clock.now() + QUIET_MS;
      // A timer for each commit would be dear: the one that runs is set anew when it has come too early.
      if (this.#deadlines.size === 0) this.#deadlines.set("quiet", quietAt);
    });
  }

  /** Makes no more checkpoints; closing the database makes the last one. */
  stop(): void {
    this.#deadlines.close();
  }
}
