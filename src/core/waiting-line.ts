import type { Clock, Timer } from "./clock.ts";
import { inNextTurn } from "./node-timers.ts";
import { OpenPolls } from "./open-polls.ts";

/** One waiting request. */
export interface WaitOptions<Item> {
  /** Whose line to stand in, e.g. a runner's id. */
  key: string;
  /** How long to wait at most, in milliseconds. */
  timeoutMs: number;
  /** Aborted when the client has gone: the waiter leaves the line at once and takes nothing. */
  signal: AbortSignal;
  /** Whether `take` would find an item, if that is known with less work; default it is tried. */
  hasItem?: () => boolean;
  /** Tries to take an item; `undefined` when there is none. Runs synchronously; what it throws rejects the wait. */
  take: () => Item | undefined;
}

interface Waiter {
  /** `false` when there is nothing left to take. */
  tryTake(): boolean;
  leave(): void;
}

/**
 * Long polling: lines of waiting requests, one line per key, served first come, first served. It never polls the
 * database; `notify` reports that an item may be available.
 */
export class WaitingLine<Item> {
  readonly #clock: Clock;
  readonly #openPolls: OpenPolls;
  readonly #lines = new Map<string, Set<Waiter>>();
  readonly #notified = new Set<string>();
  #closed = false;

  /**
   * @param openPolls counts the waiting requests of several lines together; default only of this one, without a limit
   */
  constructor(clock: Clock, openPolls: OpenPolls = new OpenPolls()) {
    this.#clock = clock;
    this.#openPolls = openPolls;
  }

  /** The number of waiting requests in the line of `key`. */
  sizeOf(key: string): number {
    return this.#lines.get(key)?.size ?? 0;
  }

  /** Whether the line is closed: no request may wait any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Takes an item now, or waits for one.
   * @returns the item; `undefined` after the time-out, when the client has gone or the line was closed
   * @throws TooManyOpenPollsError when it would have to wait and the limit is reached
   */
  async wait(options: WaitOptions<Item>): Promise<Item | undefined> {
    if (this.#closed || options.signal.aborted) return undefined;
    const line = this.#lines.get(options.key) ?? new Set<Waiter>();
    if (line.size === 0 && options.hasItem?.() !== false) {
      const item = options.take();
      if (item !== undefined) return item;
    }
    // A clock that stands still would never end it.
    if (options.timeoutMs <= 0) return undefined;
    this.#openPolls.open();
    return new Promise((resolve, reject) => {
      let timer: Timer;
      const standDown = (): void => {
        if (!line.delete(waiter)) return;
        timer.cancel();
        options.signal.removeEventListener("abort", leave);
        this.#openPolls.close();
        if (line.size === 0) this.#lines.delete(options.key);
      };
      const leave = (): void => {
        standDown();
        resolve(undefined);
      };
      const waiter: Waiter = {
        leave,
        tryTake: () => {
          // An earlier request's item may have ended this request: it must not take an item that no client would read.
          if (!line.has(waiter)) return true;
          try {
            const item = options.take();
            if (item === undefined) return false;
            standDown();
            resolve(item);
          } catch (error) {
            standDown();
            reject(error);
          }
          return true;
        },
      };
      this.#lines.set(options.key, line.add(waiter));
      timer = this.#clock.schedule(options.timeoutMs, leave);
      options.signal.addEventListener("abort", leave);
    });
  }

  /**
   * Says that the line of `key` may be served. It is served in the next turn of the event loop, after the
   * closed connections that the operating system already knows of have left the line.
   */
  notify(key: string): void {
    if (!this.#lines.has(key) || this.#notified.has(key)) return;
    this.#notified.add(key);
    inNextTurn(() => {
      this.#notified.delete(key);
      for (const waiter of [...(this.#lines.get(key) ?? [])]) {
        if (!waiter.tryTake()) break;
      }
    });
  }

  /** Answers all requests in the line of `key` with the empty answer. */
  dismiss(key: string): void {
    for (const waiter of [...(this.#lines.get(key) ?? [])]) waiter.leave();
  }

  /** Answers all waiting requests with the empty answer. */
  dismissAll(): void {
    for (const key of [...this.#lines.keys()]) this.dismiss(key);
  }

  /** Closes the lines: answers all requests with the empty answer, also those that come later. */
  close(): void {
    this.#closed = true;
    this.dismissAll();
  }
}
