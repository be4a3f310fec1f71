import type { Background } from "../../core/background.ts";
import { type Clock, SystemClock } from "../../core/clock.ts";
import { nextTurn } from "../../core/slices.ts";
import type { Answered, Exchange, Interceptor } from "../../http/interceptor.ts";
import { isControl } from "../route.ts";
import { type JournalEntry, sizeOf, toEntry } from "./entry.ts";
import { createMatcher, type RequestMatcher } from "./matcher.ts";

/** The limit of what all entries take in memory, in bytes: of large ones fewer are kept. */
const MAX_BYTES = 32 * 1024 * 1024;

/** How many entries are searched between other requests. */
const SEARCHED_AT_ONCE = 200;

export interface JournalOptions {
  /** The limit of entries; 0 keeps none. */
  size: number;
  /** Times out waits; default real time, also for a server with a virtual clock. */
  waitClock?: Clock;
}

/** A client that waits for requests. */
interface Waiter {
  matches(entry: JournalEntry): boolean;
  found(entry: JournalEntry): void;
  /** Ends the wait without a result. */
  giveUp(): void;
}

/** The requests that were found, and the sequence of the last request that was checked. */
export interface Found {
  entries: readonly JournalEntry[];
  lastSequence: number;
}

/** Keeps the last requests with their answers, for tests that assert what a client has sent. Requests that work with the server are left out. */
export class Journal implements Interceptor, Background {
  readonly #size: number;
  readonly #waitClock: Clock;
  readonly #entries: JournalEntry[] = [];
  /** Entries of answers of which it is not known yet whether they are read. */
  readonly #unread = new WeakMap<Exchange, JournalEntry>();
  readonly #waiters = new Set<Waiter>();
  #bytes = 0;
  #sequence = 0;
  #dropped = 0;

  constructor({ size, waitClock = new SystemClock() }: JournalOptions) {
    this.#size = size;
    this.#waitClock = waitClock;
  }

  /** Whether requests are recorded. */
  get isOn(): boolean {
    return this.#size > 0;
  }

  /** How many requests were dropped for newer ones since the journal was cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  written(exchange: Exchange, answered: Answered): void {
    if (!this.isOn || isControl(exchange)) return;
    this.#sequence += 1;
    const entry = toEntry(exchange, answered, this.#sequence);
    this.#entries.push(entry);
    if (answered.isAssignment) this.#unread.set(exchange, entry);
    this.#bytes += sizeOf(entry);
    while (this.#entries.length > this.#size || (this.#bytes > MAX_BYTES && this.#entries.length > 1)) this.#drop();
    for (const waiter of this.#waiters) if (waiter.matches(entry)) waiter.found(entry);
  }

  delivered(exchange: Exchange, isRead: boolean): void {
    const entry = this.#unread.get(exchange);
    if (entry !== undefined) entry.isRead = isRead;
  }

  /** Finds the requests that fulfil a matcher, oldest first. Other requests are answered meanwhile. */
  async find(matcher: RequestMatcher): Promise<Found> {
    const matches = createMatcher(matcher);
    // A test that has waited for the effect of a request is ahead of the journal, which gets it with its answer.
    await nextTurn();
    const entries = [...this.#entries];
    const lastSequence = this.#sequence;
    const found: JournalEntry[] = [];
    for (const [index, entry] of entries.entries()) {
      if (matches(entry)) found.push(entry);
      if (index % SEARCHED_AT_ONCE === SEARCHED_AT_ONCE - 1) await nextTurn();
    }
    return { entries: found, lastSequence };
  }

  /**
   * Waits until as many requests fulfil a matcher, counting those of before.
   * @param timeoutMs the limit of real time, in milliseconds
   * @param signal ends the wait when its client has gone
   * @returns these requests, or fewer when the time is over, the journal is reset or the server stops
   */
  async waitFor(matcher: RequestMatcher, count: number, timeoutMs: number, signal: AbortSignal): Promise<Found> {
    const later: JournalEntry[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const giveUp = (): void => resolve();
    let missing = Number.POSITIVE_INFINITY;
    const waiter: Waiter = {
      matches: createMatcher(matcher),
      found: (entry) => {
        later.push(entry);
        if (later.length >= missing) giveUp();
      },
      giveUp,
    };
    this.#waiters.add(waiter);
    const timer = this.#waitClock.schedule(timeoutMs, giveUp);
    signal.addEventListener("abort", giveUp);
    try {
      const { entries } = await this.find(matcher);
      missing = count - entries.length;
      if (later.length < missing && !signal.aborted) await promise;
      return { entries: [...entries, ...later], lastSequence: this.#sequence };
    } finally {
      this.#waiters.delete(waiter);
      timer.cancel();
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Forgets all requests; the sequence goes on. */
  clear(): void {
    this.#entries.length = 0;
    this.#bytes = 0;
    this.#dropped = 0;
  }

  /** Forgets the requests of a workspace. */
  clearWorkspace(workspace: string): void {
    const others = this.#entries.filter((entry) => entry.workspace !== workspace);
    this.clear();
    for (const entry of others) {
      this.#entries.push(entry);
      this.#bytes += sizeOf(entry);
    }
  }

  reset(): void {
    this.stop();
    this.clear();
    this.#sequence = 0;
  }

  stop(): void {
    for (const waiter of this.#waiters) waiter.giveUp();
  }

  #drop(): void {
    const oldest = this.#entries.shift();
    if (oldest === undefined) return;
    this.#bytes -= sizeOf(oldest);
    this.#dropped += 1;
  }
}
