import { isAdvanceable } from "../core/advanceable-clock.ts";
import { parseDuration } from "../core/durations.ts";
import type { Running } from "./running.ts";

/** The clock of a test server. */
export interface TestClock {
  /** Returns the server's time, in milliseconds since the epoch. */
  now(): number;
  /**
   * Moves the virtual clock, and resolves when everything that became due has run.
   *
   * ```ts
   * await opik.clock.advance("16s"); // the runner's last heartbeat is now too long ago
   * ```
   * @param duration `500ms`, `20s`, `5m`, or milliseconds
   * @throws Error when the server runs on real time, or when the duration is not valid
   */
  advance(duration: string | number): Promise<void>;
}

export class LocalClock implements TestClock {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  now(): number {
    return this.#running().clock.now();
  }

  async advance(duration: string | number): Promise<void> {
    const { clock } = this.#running();
    if (!isAdvanceable(clock)) throw new Error('Start with clock: "virtual" to advance the time.');
    const milliseconds = typeof duration === "number" ? duration : parseDuration(duration);
    if (milliseconds === undefined || !(milliseconds >= 0)) {
      throw new Error(`"${duration}" is not a duration such as 500ms, 20s or 5m.`);
    }
    await clock.advance(milliseconds);
  }
}
