import type { Clock, Timer } from "./clock.ts";

/** A disk that is full or a file that is busy may be well again after this time. */
const RETRY_DELAY_MS = 5_000;

export interface DeadlinesOptions {
  clock: Clock;
  /** Called for each key whose time has come; again after 5 s when it throws and has not set the key anew. */
  onDue: (key: string) => void;
  /** Takes what `onDue` threw; the other deadlines are kept all the same. */
  onError: (error: unknown) => void;
}

/** At most one deadline per key, each met at its own time. */
export class Deadlines {
  readonly #options: DeadlinesOptions;
  readonly #timers = new Map<string, Timer>();
  #closed = false;

  constructor(options: DeadlinesOptions) {
    this.#options = options;
  }

  /** How many deadlines are still to come. */
  get size(): number {
    return this.#timers.size;
  }

  /** Sets, or moves, the deadline of `key`: milliseconds since the epoch. One that has passed is met at once. */
  set(key: string, dueAt: number): void {
    this.forget(key);
    if (this.#closed) return;
    this.#timers.set(
      key,
      this.#options.clock.scheduleAt(dueAt, () => this.#meet(key)),
    );
  }

  /** Nothing happens to `key` any more. */
  forget(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  /** Forgets all deadlines, now and from now on. */
  close(): void {
    this.#closed = true;
    this.forgetAll();
  }

  /** Forgets all deadlines. */
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
