import * as v from "valibot";
import { parseDuration } from "../../core/durations.ts";
import { parseTimestamp } from "../../core/timestamps.ts";

const time = v.pipe(v.string(), v.isoTimestamp());

const givenTime = v.pipe(
  v.string(),
  v.check((text) => parseTimestamp(text) !== undefined, "must be a time such as 2026-01-02T00:00:00Z"),
);

const duration = v.pipe(
  v.string(),
  v.check(
    (text) => parseDuration(text) !== undefined,
    "must be a duration such as 500ms, 30s or 5m, a thousand years at most",
  ),
);

/** Answer of `GET /__local/clock` and of what moves the clock. */
export const clockState = v.object({
  clock: v.picklist(["system", "virtual"]),
  now: time,
  /** Whether the time stands still. */
  frozen: v.boolean(),
});
export type ClockState = v.InferOutput<typeof clockState>;

/** Whether to wait until the agents poll again after each thing that became due. */
const settle = v.optional(v.boolean());

/** Body of `POST /__local/clock/advance`. */
export const advanceRequest = v.object({ by: duration, settle });

/** Body of `POST /__local/clock/set`. */
export const setRequest = v.object({ to: givenTime, settle });

/** Body of `POST /__local/clock/run-until-idle`. */
export const runUntilIdleRequest = v.object({ max: v.optional(duration), settle });

/** Answer of what moves the clock forward. */
export const advancedState = v.object({
  ...clockState.entries,
  /** Whether the agents poll again; only with `settle`. */
  settled: v.optional(v.boolean()),
});
export type AdvancedState = v.InferOutput<typeof advancedState>;

/** Answer of `POST /__local/clock/run-until-idle`. */
export const idleState = v.object({
  ...clockState.entries,
  /** Whether no job and no run is left that has not ended; else the longest time has passed. */
  idle: v.boolean(),
});
export type IdleState = v.InferOutput<typeof idleState>;
