import { type IdSource, randomUint32 } from "./ids.ts";

const BASE_MS = 1_000;
const MAX_DELAY_MS = 3_600_000;
/** Jitter of up to 20 %, so that requests that failed together are not retried together. */
const JITTER = 0.2;

/**
 * How long to wait after a failed attempt: 1 s, 2 s, 4 s... up to an hour, in milliseconds and without jitter.
 * @param attempt the attempt that failed, from 1
 */
export function exponentialDelayMs(attempt: number): number {
  return limitDelay(BASE_MS * 2 ** (attempt - 1));
}

/** 1 s, 2 s, 3 s... up to an hour, in milliseconds. @param attempt the attempt that failed, from 1 */
export function linearDelayMs(attempt: number): number {
  return limitDelay(BASE_MS * attempt);
}

/** Adds jitter of up to 20 % to a delay. @param ids the source of randomness */
export function withJitter(delayMs: number, ids: IdSource): number {
  const fraction = randomUint32(ids) / 2 ** 32;
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * fraction));
}

function limitDelay(delayMs: number): number {
  return Math.min(delayMs, MAX_DELAY_MS);
}
