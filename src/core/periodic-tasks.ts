import { attempt } from "./attempt.ts";
import type { Background } from "./background.ts";
import type { Clock, Timer } from "./clock.ts";

/** Does one slice of its work. @returns `true` when there is more to do, in another call */
export type Step = () => unknown;

export interface PeriodicTasksOptions {
  clock: Clock;
  /** The time between two runs, in milliseconds. The first run comes after one interval. */
  intervalMs: number;
  /** One that returns `true` is called again after a pause, so that large work is done in slices between requests. */
  steps: readonly Step[];
  /** Called with the error of a task; the other tasks and the next run are not affected. */
  onError: (error: unknown) => void;
}

/** The pause between two slices, long enough to answer the requests that have arrived meanwhile. */
const PAUSE_MS = 1;

/** Runs maintenance tasks at an interval. */
export class PeriodicTasks implements Background {
  readonly #options: PeriodicTasksOptions;
  #timer: Timer | undefined;
  /** Tasks that have more to do, and the timers of their pauses. */
  readonly #pauses = new Map<Step, Timer>();

  constructor(options: PeriodicTasksOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, intervalMs, steps } = this.#options;
    this.#timer = clock.schedule(intervalMs, () => {
      // Set before the tasks run, because one of them may stop the server.
      this.start();
      for (const step of steps) {
        // A task that an earlier run has begun is not begun again.
        if (!this.#pauses.has(step)) this.#make(step);
      }
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const pause of this.#pauses.values()) pause.cancel();
    this.#pauses.clear();
  }

  #make(step: Step): void {
    const { clock, onError } = this.#options;
    let hasMore = false;
    attempt(() => {
      hasMore = step() === true;
    }, onError);
    // The task may have stopped the server.
    if (!hasMore || this.#timer === undefined) return;
    const pause = clock.schedule(PAUSE_MS, () => {
      this.#pauses.delete(step);
      this.#make(step);
    });
    this.#pauses.set(step, pause);
  }
}
