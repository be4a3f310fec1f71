import * as v from "valibot";
import { list, optional, string } from "../../wire/values.ts";

/**
 * Body of `POST /{runnerId}/heartbeats`. An entry that is `null` is a capability like any other to the real
 * server, which refuses it by name.
 */
export const heartbeatRequest = v.object({
  capabilities: optional(list(v.nullable(string()))),
});
export type HeartbeatRequest = v.InferOutput<typeof heartbeatRequest>;

export const heartbeatResponse = v.object({
  cancelled_job_ids: list(string({ format: "uuid" })),
});
export type HeartbeatResponse = v.InferOutput<typeof heartbeatResponse>;
