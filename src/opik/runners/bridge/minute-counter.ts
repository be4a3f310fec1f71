import type { Clock } from "../../../core/clock.ts";

const MINUTE_MS = 60_000;

/**
 * Counts calls per key and minute of the epoch, as the real server does: fixed minutes, refused calls
 * count too [opik 8.21]. In memory only: limits need not survive a restart.
 */
export class MinuteCounter {
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #minute = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call. Returns how many there have been in this minute, this one included. */
  hit(key: string): number {
    const minute = Math.floor(this.#clock.now() / MINUTE_MS);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  /** Forgets all calls. */
  reset(): void {
    this.#counts.clear();
  }
}
