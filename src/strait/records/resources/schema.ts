import * as v from "valibot";
import { integer, number, object, optional, string } from "../../wire/values.ts";

/** What a run used of its machine at one moment [strait 3.2]. */
export const resourceSnapshot = v.object({
  id: string(),
  run_id: string(),
  cpu_percent: number(),
  memory_mb: number(),
  memory_limit_mb: number(),
  network_rx_bytes: integer(),
  network_tx_bytes: integer(),
  created_at: string({ format: "date-time" }),
});
export type ResourceSnapshot = v.InferOutput<typeof resourceSnapshot>;

export const resourceSnapshots = v.array(resourceSnapshot);

/** Body of an executor's `resources`; what is left out is 0 [strait 2.18]. */
export const resourceSampleRequest = object(
  {
    memory_mb: optional(number()),
    memory_percent: optional(number()),
    cpu_percent: optional(number()),
  },
  "SDKResourcesRequest",
);
export type ResourceSampleRequest = v.InferOutput<typeof resourceSampleRequest>;

/** Body of an executor's `resource-snapshot`; what is left out is 0 [strait 2.19]. */
export const resourceSnapshotRequest = object(
  {
    cpu_percent: optional(number()),
    memory_mb: optional(number()),
    memory_limit_mb: optional(number()),
    network_rx_bytes: optional(integer()),
    network_tx_bytes: optional(integer()),
  },
  "SDKResourceSnapshotRequest",
);
