import { type NodeTimers, nodeTimers, type Timeout } from "./node-timers.ts";

/** A scheduled task; `cancel` removes it. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the program. All times are milliseconds since the epoch. */
export interface Clock {
  /** The current time in milliseconds since the epoch. */
  now(): number;
  /**
   * Runs `task` once, `delayMs` from now (at least 0), independently of changes of the wall clock: for intervals and
   * time-outs. The task must not throw.
   */
  schedule(delayMs: number, task: () => void): Timer;
  /**
   * Runs `task` once `now()` has reached `dueAt`, never before: for moments, such as the next firing of a cron
   * schedule. One that has passed is due at once. The task must not throw.
   */
  scheduleAt(dueAt: number, task: () => void): Timer;
  /**
   * Calls `listener` when the wall clock has jumped forward, because the computer was asleep or its clock was
   * set, with the milliseconds that are missing; before anything runs that has fallen due by the jump.
   * @returns a function that stops it
   */
  onJump(listener: (missedMs: number) => void): () => void;
}

/**
 * Reads milliseconds since any moment, for durations: the reading never goes back, whatever happens to the wall clock,
 * and is not moved by a virtual clock.
 */
export type MonotonicTime = () => number;

/** The monotonic time of the computer. */
export const computerMonotonicTime: MonotonicTime = () => nodeTimers.monotonicTime();

/** Node's timers overflow above this and would fire at once. */
const LONGEST_NODE_TIMER_MS = 2 ** 31 - 1;

/** How often the wall clock is compared with the monotonic one, as long as something depends on it. */
const JUMP_CHECK_INTERVAL_MS = 1_000;

/** Smaller differences are corrections of the computer's clock. */
const SMALLEST_JUMP_MS = 500;

/** A task that waits for a moment of the wall clock. */
interface Alarm {
  dueAt: number;
  task: () => void;
  timeout: Timeout | undefined;
}

export interface SystemClockOptions {
  /** Whether its timers keep the process alive; default no. */
  keepsAlive?: boolean;
  /** Default Node's. */
  timers?: NodeTimers;
}

/** The clock of the computer. */
export class SystemClock implements Clock {
  readonly #keepsAlive: boolean;
  readonly #timers: NodeTimers;
  readonly #alarms = new Set<Alarm>();
  readonly #jumpListeners = new Set<(missedMs: number) => void>();
  #jumpCheck: Timeout | undefined;
  /** Wall time less monotonic time when they were last compared: a jump changes it. */
  #offset: number;

  constructor({ keepsAlive = false, timers = nodeTimers }: SystemClockOptions = {}) {
    this.#keepsAlive = keepsAlive;
    this.#timers = timers;
    this.#offset = this.#currentOffset();
  }

  now(): number {
    return this.#timers.wallTime();
  }

  schedule(delayMs: number, task: () => void): Timer {
    const dueAt = this.#timers.monotonicTime() + delayMs;
    let timeout: Timeout | undefined;
    const wait = (): void => {
      const remaining = Math.max(0, dueAt - this.#timers.monotonicTime());
      const step = Math.min(remaining, LONGEST_NODE_TIMER_MS);
      timeout = this.#setTimeout(step, () => {
        this.#lookForJump();
        if (step < remaining) wait();
        else task();
      });
    };
    wait();
    return { cancel: () => this.#timers.clearTimeout(timeout) };
  }

  scheduleAt(dueAt: number, task: () => void): Timer {
    const alarm: Alarm = { dueAt, task, timeout: undefined };
    this.#alarms.add(alarm);
    this.#set(alarm);
    this.#watchForJumps();
    return {
      cancel: () => {
        this.#alarms.delete(alarm);
        this.#timers.clearTimeout(alarm.timeout);
      },
    };
  }

  onJump(listener: (missedMs: number) => void): () => void {
    this.#jumpListeners.add(listener);
    this.#watchForJumps();
    return () => void this.#jumpListeners.delete(listener);
  }

  /** Node's timers fire up to a millisecond early, and know nothing of a wall clock that was set back. */
  #set(alarm: Alarm): void {
    const remaining = Math.max(0, alarm.dueAt - this.now());
    alarm.timeout = this.#setTimeout(Math.min(Math.ceil(remaining), LONGEST_NODE_TIMER_MS), () => {
      this.#lookForJump();
      if (!this.#alarms.has(alarm)) return;
      if (this.now() < alarm.dueAt) {
        this.#set(alarm);
        return;
      }
      this.#alarms.delete(alarm);
      alarm.task();
    });
  }

  #watchForJumps(): void {
    if (this.#jumpCheck !== undefined) return;
    this.#jumpCheck = this.#setTimeout(JUMP_CHECK_INTERVAL_MS, () => {
      this.#jumpCheck = undefined;
      this.#lookForJump();
      if (this.#alarms.size > 0 || this.#jumpListeners.size > 0) this.#watchForJumps();
    });
  }

  /** Node's timers stand still while the computer is asleep: after a jump each alarm is set anew, in order. */
  #lookForJump(): void {
    const offset = this.#currentOffset();
    const missedMs = offset - this.#offset;
    this.#offset = offset;
    if (missedMs < SMALLEST_JUMP_MS) return;
    for (const listener of [...this.#jumpListeners]) listener(missedMs);
    for (const alarm of [...this.#alarms].toSorted((left, right) => left.dueAt - right.dueAt)) {
      this.#timers.clearTimeout(alarm.timeout);
      this.#set(alarm);
    }
  }

  #currentOffset(): number {
    return this.#timers.wallTime() - this.#timers.monotonicTime();
  }

  #setTimeout(delayMs: number, task: () => void): Timeout {
    const timeout = this.#timers.setTimeout(task, delayMs);
    if (!this.#keepsAlive) timeout.unref();
    return timeout;
  }
}
