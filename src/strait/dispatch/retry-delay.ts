import { exponentialDelayMs, linearDelayMs, withJitter } from "../../core/backoff.ts";
import type { IdSource } from "../../core/ids.ts";
import type { JobDefinition } from "../definitions/jobs/schema.ts";

const FIXED_MS = 1_000;

/**
 * How long a run waits after a failed attempt, in milliseconds [strait 5.2]. The real server stores a job's
 * `retry_strategy` and `retry_delays_secs` without using them; here they are applied, as documented:
 * `linear` is 1 s, 2 s, 3 s..., `fixed` 1 s, `custom` the job's own list, whose last value repeats.
 * @param attempt the attempt that failed, from 1
 * @param ids the source of the jitter of the exponential strategy
 */
export function retryDelayMs(definition: JobDefinition, attempt: number, ids: IdSource): number {
  const { retry_strategy: strategy, retry_delays_secs: delays = [] } = definition;
  const own = delays[Math.min(attempt, delays.length) - 1];
  // A list without a strategy can only be meant one way.
  if (own !== undefined && (strategy === "custom" || !strategy)) return own * 1_000;
  if (strategy === "linear") return linearDelayMs(attempt);
  if (strategy === "fixed") return FIXED_MS;
  return withJitter(exponentialDelayMs(attempt), ids);
}
