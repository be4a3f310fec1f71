import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Background } from "../../core/background.ts";
import type { Labels } from "./counters.ts";

/** How often the delay is sampled, in milliseconds. */
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

/**
 * Measures how late the event loop runs its timers: how long work of the server keeps requests waiting. It begins with the
 * first reading, because it costs a timer, and most servers are never asked.
 */
export class EventLoopDelay implements Background {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;

  /** Returns quantiles in seconds of the time since the last reading; nothing at the first one. */
  read(): Array<readonly [Labels, number]> {
    if (this.#histogram === undefined) {
      this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#histogram.enable();
      return [];
    }
    const histogram = this.#histogram;
    // Without a sample, the values are none.
    if (histogram.count === 0) return [];
    const values = [0.5, 0.99, 1].map((quantile) => {
      const value = quantile === 1 ? histogram.max : histogram.percentile(quantile * 100);
      return [{ quantile: String(quantile) }, value / NANOSECONDS] as const;
    });
    histogram.reset();
    return values;
  }

  stop(): void {
    this.#histogram?.disable();
    this.#histogram = undefined;
  }
}
