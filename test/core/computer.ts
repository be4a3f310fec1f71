import type { NodeTimers, Timeout } from "../../src/core/node-timers.ts";

interface PendingTimeout extends Timeout {
  dueAt: number;
  task: () => void;
}

/** A computer whose clock a test drives: it can sleep, have its clock set, and fire its timers early, as Node's do. */
export class Computer implements NodeTimers {
  /** How much before their time timers fire, in milliseconds. */
  earlyMs = 0;
  #wall: number;
  #monotonic = 0;
  readonly #timeouts = new Set<PendingTimeout>();

  constructor(wallTime: number) {
    this.#wall = wallTime;
  }

  wallTime(): number {
    return Math.floor(this.#wall);
  }

  monotonicTime(): number {
    return this.#monotonic;
  }

  setTimeout(task: () => void, delayMs: number): PendingTimeout {
    // Like Node: what overflows 31 bits, and 0, becomes 1 ms.
    const delay = delayMs >= 1 && delayMs <= 2 ** 31 - 1 ? Math.trunc(delayMs) : 1;
    const timeout = { dueAt: this.#monotonic + delay - this.earlyMs, task, unref: () => {} };
    this.#timeouts.add(timeout);
    return timeout;
  }

  clearTimeout(timeout: PendingTimeout | undefined): void {
    if (timeout !== undefined) this.#timeouts.delete(timeout);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timeouts.size;
  }

  /** Lets time pass and runs what falls due. */
  run(durationMs: number): void {
    const end = this.#monotonic + durationMs;
    for (let next = this.#first(end); next !== undefined; next = this.#first(end)) {
      this.#timeouts.delete(next);
      this.#moveTo(Math.max(next.dueAt, this.#monotonic));
      next.task();
    }
    this.#moveTo(end);
  }

  /** Lets time elapse without the monotonic clock and the timers, or sets the wall clock. */
  setWallClock(byMs: number): void {
    this.#wall += byMs;
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }

  #first(until: number): PendingTimeout | undefined {
    const due = [...this.#timeouts].filter(({ dueAt }) => dueAt <= until);
    return due.toSorted((left, right) => left.dueAt - right.dueAt)[0];
  }
}
