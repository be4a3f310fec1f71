import type { Clock, Timer } from "./clock.ts";
import { inNextTurn } from "./node-timers.ts";
import { OpenPolls } from "./open-polls.ts";

/** What one held request waits for. */
export interface WaitOptions<Item> {
  /** Whose line to stand in, e.g. a runner's id. */
  key: string;
  /** How long to wait at most, in milliseconds. */
  timeoutMs: number;
  /** Aborted when the client has gone: the waiter leaves the line at once and takes nothing. */
  signal: AbortSignal;
  /** Tries to take an item; `undefined` when there is none. Runs synchronously; what it throws rejects the wait. */
  take: () => Item | undefined;
}

interface Waiter {
  /** `false` when there is nothing left to take. */
  tryTake(): boolean;
  leave(): void;
}

/**
 * The one long-poll primitive: lines of held requests, one line per key, served first come, first served.
 * Nothing here ever asks the database on a timer; `notify` says that something may be there.
 */
export class WaitingLine<Item> {
  readonly #clock: Clock;
  readonly #openPolls: OpenPolls;
  readonly #lines = new Map<string, Set<Waiter>>();
  readonly #notified = new Set<string>();
  #size = 0;
  #closed = false;

  /** @param openPolls counts the held requests of several lines together; default only of this one, without a limit */
  constructor(clock: Clock, openPolls: OpenPolls = new OpenPolls()) {
    this.#clock = clock;
    this.#openPolls = openPolls;
  }

  /** How many requests are held now. */
  get size(): number {
    return this.#size;
  }

  /** How many requests are held now in the line of `key`. */
  sizeOf(key: string): number {
    return this.#lines.get(key)?.size ?? 0;
  }

  /** Whether everybody has been sent away for good. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Takes an item now, or waits for one.
   * @returns the item; `undefined` after the time-out, when the client has gone or the line was closed
   * @throws TooManyOpenPollsError when it would have to wait and no more requests may be held
   */
  async wait(options: WaitOptions<Item>): Promise<Item | undefined> {
    if (this.#closed || options.signal.aborted) return undefined;
    const line = this.#lines.get(options.key) ?? new Set<Waiter>();
    if (line.size === 0) {
      const item = options.take();
      if (item !== undefined) return item;
    }
    this.#openPolls.open();
    return new Promise((resolve, reject) => {
      let timer: Timer;
      const standDown = (): void => {
        if (!line.delete(waiter)) return;
        timer.cancel();
        options.signal.removeEventListener("abort", leave);
        this.#size -= 1;
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
          // What an earlier one took may have sent this one away: it must not take what nobody would read.
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
      this.#size += 1;
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

  /** Sends everybody in the line of `key` away with the empty answer. */
  dismiss(key: string): void {
    for (const waiter of [...(this.#lines.get(key) ?? [])]) waiter.leave();
  }

  /** Sends everybody away with the empty answer. */
  dismissAll(): void {
    for (const key of [...this.#lines.keys()]) this.dismiss(key);
  }

  /** Sends everybody away with the empty answer, now and from now on. */
  close(): void {
    this.#closed = true;
    this.dismissAll();
  }
}
