import * as v from "valibot";

/** What became of a call of a job's endpoint; the error tells of a connection, not of a status. */
export const endpointVerified = v.object({
  success: v.boolean(),
  status_code: v.optional(v.number()),
  latency_ms: v.number(),
  error: v.optional(v.string()),
});
export type EndpointVerified = v.InferOutput<typeof endpointVerified>;
