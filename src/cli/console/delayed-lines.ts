import type { Clock, Timer } from "../../core/clock.ts";
import type { Line } from "./lines.ts";

/** How long the line of an intermediate status is delayed, in milliseconds. */
const DELAY_MS = 1_000;

interface DelayedLine {
  line: Line;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/**
 * Delays the line of an intermediate status by a second. A line has all statuses of its job so far: when the next status
 * comes within that time, its line replaces the delayed one, and a short job is one line.
 */
export class DelayedLines {
  readonly #clock: Clock;
  readonly #write: (line: Line) => void;
  /** By tracked job, the oldest first. */
  readonly #delayed = new Map<string, DelayedLine>();
  #timer: Timer | undefined;

  /** @param write writes a line to the console */
  constructor(clock: Clock, write: (line: Line) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Writes the line now or later, replacing a delayed line of the same tracked job. */
  add(line: Line): void {
    const { trackedJob } = line;
    if (trackedJob?.isIntermediate) {
      const dueAt = this.#delayed.get(trackedJob.key)?.dueAt ?? this.#clock.now() + DELAY_MS;
      this.#delayed.set(trackedJob.key, { line, dueAt });
      this.#arm();
      return;
    }
    if (trackedJob !== undefined) this.#delayed.delete(trackedJob.key);
    this.#write(line);
  }

  /** Writes all delayed lines now. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const { line } of this.#delayed.values()) this.#write(line);
    this.#delayed.clear();
  }

  /** One timer is enough: all lines are delayed by the same time. */
  #arm(): void {
    const [first] = this.#delayed.values();
    if (first === undefined || this.#timer !== undefined) return;
    this.#timer = this.#clock.schedule(Math.max(0, first.dueAt - this.#clock.now()), () => {
      this.#timer = undefined;
      this.#writeDue();
      this.#arm();
    });
  }

  #writeDue(): void {
    const now = this.#clock.now();
    for (const [key, { line, dueAt }] of this.#delayed) {
      if (dueAt > now) return;
      this.#delayed.delete(key);
      this.#write(line);
    }
  }
}
