import type { Clock, Timer } from "./clock.ts";

/** How long to wait before a retry: a full disk or a locked file may be usable again by then. */
const RETRY_DELAY_MS = 5_000;

export interface DeadlinesOptions {
  clock: Clock;
  /** Called for each key whose deadline is reached; again after 5 s if it throws and has not set a new deadline. */
  onDue: (key: string) => void;
  /** Called with an error of `onDue`; the other deadlines are kept. */
  onError: (error: unknown) => void;
}

/** Keeps at most one deadline per key and calls `onDue` at each. */
export class Deadlines {
  readonly #options: DeadlinesOptions;
  readonly #timers = new Map<string, Timer>();
  #closed = false;

  constructor(options: DeadlinesOptions) {
    this.#options = options;
  }

  /** The number of pending deadlines. */
  get size(): number {
    return this.#timers.size;
  }

  /** Sets, or moves, the deadline of `key`: milliseconds since the epoch. A deadline in the past is met at once. */
  set(key: string, dueAt: number): void {
    this.forget(key);
    if (this.#closed) return;
    this.#timers.set(
      key,
      this.#options.clock.scheduleAt(dueAt, () => this.#meet(key)),
    );
  }

  /** Removes the deadline of `key`. */
  forget(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  /** Removes all deadlines, and accepts no more. */
  close(): void {
    this.#closed = true;
    this.forgetAll();
  }

  /** Removes all deadlines. */
  forgetAll(): void {
    for (const key of [...this.#timers.keys()]) this.forget(key);
  }

  #meet(key: string): void {
    this.#timers.delete(key);
    try {
      this.#options.onDue(key);
    } catch (error) {
      if (!this.#timers.has(key)) this.set(key, this.#options.clock.now() + RETRY_DELAY_MS);
      this.#options.onError(error);
    }
  }
}
