import type { Clock } from "../../core/clock.ts";

/** How a hold ended: by its time, by its client, which has gone, or because held requests are given up. */
export type HoldEnd = "over" | "left" | "given up";

/** Requests that are held back. */
export class Holds {
  readonly #clock: Clock;
  readonly #open = new Set<(end: HoldEnd) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Holds a request back.
   * @param durationMs how long, in milliseconds of the server's clock; left out: until its client goes
   * @param signal aborted when the client has gone
   */
  async hold(signal: AbortSignal, durationMs?: number): Promise<HoldEnd> {
    if (signal.aborted) return "left";
    const { promise, resolve } = Promise.withResolvers<HoldEnd>();
    const onLeft = (): void => resolve("left");
    const timer = durationMs === undefined ? undefined : this.#clock.schedule(durationMs, () => resolve("over"));
    signal.addEventListener("abort", onLeft);
    this.#open.add(resolve);
    try {
      return await promise;
    } finally {
      this.#open.delete(resolve);
      timer?.cancel();
      signal.removeEventListener("abort", onLeft);
    }
  }

  /** Ends all holds: `over` lets requests go on, `given up` ends them without an answer. */
  end(as: "over" | "given up"): void {
    for (const end of [...this.#open]) end(as);
  }
}
