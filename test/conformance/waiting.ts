import { parseDuration } from "../../src/core/durations.ts";
import type { ConformanceCase } from "./case.ts";

/*
 * Cases move the time of a server of ours. On any other server they really wait: longer than they say, because that
 * server looks at its clock when it likes, but shorter where they stop just before something happens.
 */

/** More than the second in which a real server looks for what is due. */
const MARGIN_MS = 600;
const AFTER_THE_LAST_MILLISECOND_MS = 2_200;

/** How long to really wait for a move of `durationMs`. */
export function realWait(durationMs: number): number {
  if (durationMs === 1) return AFTER_THE_LAST_MILLISECOND_MS;
  if (durationMs % 1_000 === 999) return Math.max(0, durationMs - 1_000);
  return durationMs + MARGIN_MS;
}

/** How long a case really waits in all, in milliseconds. */
export function realWaitOf({ steps }: ConformanceCase): number {
  return steps.reduce((sum, step) => sum + ("advance" in step ? realWait(parseDuration(step.advance) ?? 0) : 0), 0);
}

/** Waits in real time: only against servers whose clock is not ours. */
export function reallyWait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
