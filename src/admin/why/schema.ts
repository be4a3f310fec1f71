import * as v from "valibot";

/**
 * Answer of `GET /__local/why`: what is in the way of a job or run. For the id of a runner it is about the oldest of its
 * pending jobs or, when there is none, about the runner.
 */
export const explanation = v.object({
  kind: v.picklist(["job", "run", "runner"]),
  id: v.string(),
  status: v.string(),
  /** The first thing in its way, or how it ended; a sentence. */
  reason: v.string(),
  /** What to do about it; a sentence. Absent when there is nothing to do. */
  advice: v.optional(v.string()),
});
export type Explanation = v.InferOutput<typeof explanation>;
