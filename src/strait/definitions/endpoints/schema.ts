import * as v from "valibot";

/** The result of a call of a job's endpoint; `error` describes a failed connection, not a status. */
export const endpointVerified = v.object({
  success: v.boolean(),
  status_code: v.optional(v.number()),
  latency_ms: v.number(),
  error: v.optional(v.string()),
});
export type EndpointVerified = v.InferOutput<typeof endpointVerified>;
