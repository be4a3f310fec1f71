/** A task that waits for its time; `cancel` forgets it. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the program. All times are milliseconds since the epoch. */
export interface Clock {
  /** The current time in milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `delayMs` from now (at least 0). The task must not throw. */
  schedule(delayMs: number, task: () => void): Timer;
}

/** Node's timers overflow above this and would fire at once. */
const LONGEST_NODE_TIMER_MS = 2 ** 31 - 1;

/** The computer's own time. */
export class SystemClock implements Clock {
  readonly #keepsAlive: boolean;

  /** @param options `keepsAlive`: whether its timers keep the process alive; default no */
  constructor({ keepsAlive = false }: { keepsAlive?: boolean } = {}) {
    this.#keepsAlive = keepsAlive;
  }

  now(): number {
    return Date.now();
  }

  schedule(delayMs: number, task: () => void): Timer {
    const dueAt = this.now() + delayMs;
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const remaining = Math.max(0, dueAt - this.now());
      const step = Math.min(remaining, LONGEST_NODE_TIMER_MS);
      handle = setTimeout(() => (step < remaining ? arm() : task()), step);
      if (!this.#keepsAlive) handle.unref();
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  }
}

interface VirtualTimer {
  dueAt: number;
  task: () => void;
}

/** Time that stands still until it is told to move: the same test gives the same times on every run. */
export class VirtualClock implements Clock {
  readonly #startAt: number;
  #now: number;
  /** Time that is being advanced when it is reset stops where it was set. */
  #resets = 0;
  /** In order of creation, so that of two timers due at once the older one runs first. */
  readonly #timers = new Set<VirtualTimer>();

  /** @param startAt first reading in milliseconds since the epoch; default 2026-01-01T00:00:00Z */
  constructor(startAt: number = Date.UTC(2026, 0, 1)) {
    this.#startAt = startAt;
    this.#now = startAt;
  }

  /** Sets the time back to where it started. What waits for its time waits for as long as before. */
  reset(): void {
    const elapsed = this.#now - this.#startAt;
    for (const timer of this.#timers) timer.dueAt -= elapsed;
    this.#now = this.#startAt;
    this.#resets += 1;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, task: () => void): Timer {
    const timer: VirtualTimer = { dueAt: this.#now + Math.max(0, delayMs), task };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /**
   * Moves time forward by `durationMs` and runs what falls due, in order, each at its own time.
   * Resolves when all of it, and the promises it settled, has run.
   */
  async advance(durationMs: number): Promise<void> {
    const target = this.#now + durationMs;
    const resets = this.#resets;
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.task();
      await settle();
      if (this.#resets !== resets) return;
    }
    this.#now = target;
    await settle();
  }

  #next(until: number): VirtualTimer | undefined {
    let earliest: VirtualTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAt <= until && (earliest === undefined || timer.dueAt < earliest.dueAt)) earliest = timer;
    }
    return earliest;
  }
}

/** Lets promise reactions and already queued event-loop work run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
