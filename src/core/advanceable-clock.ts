import type { Clock } from "./clock.ts";

/** A clock whose time stands still until it is advanced. */
export interface AdvanceableClock extends Clock {
  /**
   * Moves time forward by `durationMs` and runs what falls due, in order; resolves when all of it has run.
   * @param signal ends it at the time that is reached then
   * @returns whether the time was reached; not when a reset or `signal` has ended it
   */
  advance(durationMs: number, signal?: AbortSignal): Promise<boolean>;
  /**
   * Sets the time back to its start. What waits for its time waits for as long as before.
   * @param to another time to set it to
   */
  reset(to?: number): void;
  /** When something falls due next, in milliseconds since the epoch; `undefined` when nothing does. */
  nextDueAt(): number | undefined;
}

/** Whether time can be advanced, also for a clock that is not our `VirtualClock`. */
export function isAdvanceable(clock: Clock): clock is AdvanceableClock {
  return "advance" in clock && "reset" in clock && "nextDueAt" in clock;
}

/** Events of a clock that can be advanced. */
export interface ClockEvents {
  /** It was moved, resumed or frozen. What became due on the way has run before. */
  "clock:changed": { clock: "system" | "virtual"; now: string; frozen: boolean };
}
