import type { IdSource } from "../../core/ids.ts";
import type { JobDefinition } from "../definitions/jobs/schema.ts";

const BASE_MS = 1_000;
const LONGEST_MS = 3_600_000;
/** Up to a fifth more or less, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * How long a run waits after a failed attempt, in milliseconds (facts 5.2). The real server stores a job's
 * `retry_strategy` and `retry_delays_secs` without looking at them; here they count, as documented:
 * `linear` is 1 s, 2 s, 3 s..., `fixed` 1 s, `custom` the job's own list, whose last value repeats.
 * @param attempt the attempt that failed, from 1
 * @param ids where the jitter of the exponential strategy comes from
 */
export function retryDelayMs(definition: JobDefinition, attempt: number, ids: IdSource): number {
  const { retry_strategy: strategy, retry_delays_secs: delays = [] } = definition;
  const own = delays[Math.min(attempt, delays.length) - 1];
  // A list without a strategy can only be meant one way.
  if (own !== undefined && (strategy === "custom" || !strategy)) return own * 1_000;
  if (strategy === "linear") return Math.min(BASE_MS * attempt, LONGEST_MS);
  if (strategy === "fixed") return BASE_MS;
  return withJitter(exponentialDelayMs(attempt), ids);
}

/** 1 s, 2 s, 4 s... up to an hour, without jitter. */
export function exponentialDelayMs(attempt: number): number {
  return Math.min(BASE_MS * 2 ** (attempt - 1), LONGEST_MS);
}

/** The delay, a fifth more or less. @param ids where the jitter comes from */
export function withJitter(delayMs: number, ids: IdSource): number {
  const fraction = ids.bytes(4).readUInt32BE() / 2 ** 32;
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * fraction));
}
