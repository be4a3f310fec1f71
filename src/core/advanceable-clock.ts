import type { Clock } from "./clock.ts";

/** A clock whose time stands still until it is advanced. */
export interface AdvanceableClock extends Clock {
  /** Moves time forward by `durationMs` and runs what falls due, in order; resolves when all of it has run. */
  advance(durationMs: number): Promise<void>;
  /** Sets the time back to its start. */
  reset(): void;
}

/** Whether time can be advanced, also for a clock that is not our `VirtualClock`. */
export function isAdvanceable(clock: Clock): clock is AdvanceableClock {
  return "advance" in clock && "reset" in clock;
}
