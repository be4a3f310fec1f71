import type { Clock, Timer } from "../../core/clock.ts";
import type { Line } from "./lines.ts";

/** How long an intermediate status waits for the next one, in milliseconds. */
const HOLD_MS = 1_000;

interface Held {
  line: Line;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/**
 * Holds the line of an intermediate status back for a second. A line says all statuses of its trackedJob so far: when the next
 * one comes within that time, it replaces the first, and a short job is one line.
 */
export class DeferredTriggerLines {
  readonly #clock: Clock;
  readonly #write: (line: Line) => void;
  /** Deferred lines by tracked job, the oldest first. */
  readonly #held = new Map<string, Held>();
  #timer: Timer | undefined;

  /** @param write writes a line when its time has come */
  constructor(clock: Clock, write: (line: Line) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Writes the line now or later, replacing a deferred line of the same tracked job. */
  add(line: Line): void {
    const { trackedJob } = line;
    if (trackedJob?.isIntermediate) {
      const dueAt = this.#held.get(trackedJob.key)?.dueAt ?? this.#clock.now() + HOLD_MS;
      this.#held.set(trackedJob.key, { line, dueAt });
      this.#arm();
      return;
    }
    if (trackedJob !== undefined) this.#held.delete(trackedJob.key);
    this.#write(line);
  }

  /** Writes all deferred lines now. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const { line } of this.#held.values()) this.#write(line);
    this.#held.clear();
  }

  /** One timer is enough: all lines are deferred for the same time. */
  #arm(): void {
    const [first] = this.#held.values();
    if (first === undefined || this.#timer !== undefined) return;
    this.#timer = this.#clock.schedule(Math.max(0, first.dueAt - this.#clock.now()), () => {
      this.#timer = undefined;
      this.#writeDue();
      this.#arm();
    });
  }

  #writeDue(): void {
    const now = this.#clock.now();
    for (const [key, { line, dueAt }] of this.#held) {
      if (dueAt > now) return;
      this.#held.delete(key);
      this.#write(line);
    }
  }
}
