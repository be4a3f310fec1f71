import type { Background } from "./background.ts";
import type { Clock, Timer } from "./clock.ts";

/** Does a part of its work; `true` when there is more, which it does when it is called again. */
export type Step = () => unknown;

export interface PeriodicTasksOptions {
  clock: Clock;
  /** The first pass comes after one interval. */
  intervalMs: number;
  /** One that returns `true` is called again after a pause, so that large work is done in slices between requests. */
  steps: readonly Step[];
  /** Takes what went wrong in a step of a pass; the other steps and the next pass come all the same. */
  onError: (error: unknown) => void;
}

/** Long enough for all requests that have come in meanwhile to be answered. */
const PAUSE_MS = 1;

/** Makes the same steps now and then. */
export class PeriodicTasks implements Background {
  readonly #options: PeriodicTasksOptions;
  #timer: Timer | undefined;
  /** Steps that have more to do, until the pause is over. */
  readonly #pauses = new Map<Step, Timer>();

  constructor(options: PeriodicTasksOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, intervalMs, steps } = this.#options;
    this.#timer = clock.schedule(intervalMs, () => {
      // Before the steps, because one of them may have everything stopped.
      this.start();
      for (const step of steps) {
        // A step that an earlier pass has begun is not begun once more.
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
    // The step may have had everything stopped.
    if (!hasMore || this.#timer === undefined) return;
    const pause = clock.schedule(PAUSE_MS, () => {
      this.#pauses.delete(step);
      this.#make(step);
    });
    this.#pauses.set(step, pause);
  }
}

/** Makes one step, which keeps no other from being made when it fails. */
export function attempt(step: () => void, onError: (error: unknown) => void): void {
  try {
    step();
  } catch (error) {
    onError(error);
  }
}
