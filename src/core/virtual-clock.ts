import type { AdvanceableClock } from "./advanceable-clock.ts";
import type { Timer } from "./clock.ts";
import { inNextTurn } from "./node-timers.ts";
import { type QueuedTimer, TimerQueue } from "./timer-queue.ts";

interface VirtualTimer extends QueuedTimer {
  /** Whether it waits for a moment of the clock; else for a duration, which a jump does not shorten. */
  isAlarm: boolean;
  task: () => void;
}

/** A clock that moves only when `advance` is called: the same test gets the same times on every run. */
export class VirtualClock implements AdvanceableClock {
  readonly #startAt: number;
  #now: number;
  /** Counts resets: an `advance` that is under way ends when one comes. */
  #resets = 0;
  readonly #timers = new TimerQueue<VirtualTimer>();
  readonly #jumpListeners = new Set<(missedMs: number) => void>();

  /** @param startAt first reading in milliseconds since the epoch; default 2026-01-01T00:00:00Z */
  constructor(startAt: number = Date.UTC(2026, 0, 1)) {
    this.#startAt = startAt;
    this.#now = startAt;
  }

  /**
   * Sets the time back to where it started. What waits for its time waits for as long as before.
   * @param to another time to set it to
   */
  reset(to: number = this.#startAt): void {
    const elapsed = this.#now - to;
    this.#timers.changeAll((timer) => void (timer.dueAt -= elapsed));
    this.#now = to;
    this.#resets += 1;
  }

  nextDueAt(): number | undefined {
    return this.#timers.first()?.dueAt;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, task: () => void): Timer {
    return this.#add({ dueAt: this.#now + Math.max(0, delayMs), isAlarm: false, task });
  }

  scheduleAt(dueAt: number, task: () => void): Timer {
    return this.#add({ dueAt: Math.max(this.#now, dueAt), isAlarm: true, task });
  }

  onJump(listener: (missedMs: number) => void): () => void {
    this.#jumpListeners.add(listener);
    return () => void this.#jumpListeners.delete(listener);
  }

  /**
   * Moves time forward by `durationMs` and runs what falls due, in order, each at its own time.
   * Resolves when all of it, and the promises it settled, has run.
   * @param signal ends it at the time that is reached then, as a reset does
   * @returns whether the time was reached
   */
  async advance(durationMs: number, signal?: AbortSignal): Promise<boolean> {
    const resets = this.#resets;
    const isEnded = (): boolean => this.#resets !== resets || signal?.aborted === true;
    // What has begun before may still set timers.
    await settle();
    if (isEnded()) return false;
    const target = this.#now + durationMs;
    for (let next = this.#takeUntil(target); next !== undefined; next = this.#takeUntil(target)) {
      this.#moveTo(next.dueAt);
      next.task();
      await settle();
      if (isEnded()) return false;
    }
    this.#moveTo(target);
    await settle();
    return this.#resets === resets;
  }

  /**
   * Sets the time forward by `durationMs` as a computer's clock is after a sleep: nothing runs at a time in between,
   * durations go on from where they were, and alarms for moments that have passed run now.
   * Resolves when all of it, and the promises it settled, has run.
   */
  async jump(durationMs: number): Promise<void> {
    this.#timers.changeAll((timer) => {
      if (!timer.isAlarm) timer.dueAt += durationMs;
    });
    this.#moveTo(this.#now + durationMs);
    for (const listener of [...this.#jumpListeners]) listener(durationMs);
    await this.advance(0);
  }

  #add(timer: VirtualTimer): Timer {
    this.#timers.add(timer);
    return { cancel: () => this.#timers.remove(timer) };
  }

  /** Never back: two calls of `advance` may be under way at once. */
  #moveTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  /** Takes out what falls due first, if it does until then. */
  #takeUntil(until: number): VirtualTimer | undefined {
    const next = this.#timers.first();
    return next !== undefined && next.dueAt <= until ? this.#timers.shift() : undefined;
  }
}

/** Lets promise reactions and already queued event-loop work run. */
function settle(): Promise<void> {
  return new Promise((resolve) => inNextTurn(resolve));
}
