import * as v from "valibot";
import { integer, string } from "../../wire/values.ts";
import { ERROR_CLASSES } from "../schema.ts";

/** How an attempt ended that was followed by another one. */
export const ATTEMPT_STATUSES = ["failed", "timed_out", "crashed", "dead_letter"] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** An attempt of a run that was followed by another one. The real server does not keep them. */
export const runAttempt = v.object({
  attempt: integer(),
  status: v.picklist(ATTEMPT_STATUSES),
  started_at: v.optional(string({ format: "date-time" })),
  finished_at: string({ format: "date-time" }),
  error: v.optional(string()),
  error_class: v.optional(v.picklist(ERROR_CLASSES)),
});
export type RunAttempt = v.InferOutput<typeof runAttempt>;
