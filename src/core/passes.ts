import type { Clock, Timer } from "./clock.ts";

export interface PassesOptions {
  clock: Clock;
  /** The first pass comes after one interval. */
  intervalMs: number;
  steps: ReadonlyArray<() => void>;
  /** Takes what went wrong in a step of a pass; the other steps and the next pass come all the same. */
  onError: (error: unknown) => void;
}

/** Makes the same steps now and then. */
export class Passes {
  readonly #options: PassesOptions;
  #timer: Timer | undefined;

  constructor(options: PassesOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, intervalMs, steps, onError } = this.#options;
    this.#timer = clock.schedule(intervalMs, () => {
      // Before the steps, because one of them may have everything stopped.
      this.start();
      for (const step of steps) attempt(step, onError);
    });
  }

  stop(): void {
    this.#timer?.cancel();
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
