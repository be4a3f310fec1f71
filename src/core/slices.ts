import { inNextTurn } from "./node-timers.ts";

/** Resolves in the next turn of the event loop, after the input that is ready now. */
export function nextTurn(): Promise<void> {
  return new Promise(inNextTurn);
}

/**
 * Runs large work in slices, between which other requests are answered.
 * @param slice does a part of it; returns whether there is more
 */
export async function inSlices(slice: () => boolean): Promise<void> {
  while (slice()) await nextTurn();
}
