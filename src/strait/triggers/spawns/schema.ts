import * as v from "valibot";
import { RUN_STATUSES } from "../../run/state-machine.ts";
import { between, boolean, freeForm, integer, object, optional, optionalNonZero, string } from "../../wire/values.ts";

/** Body of an executor's `spawn` [strait 2.10]; the older reference names the job by `job_id` and has `priority`. */
export const spawnRequest = object(
  {
    job_slug: optionalNonZero(string()),
    job_id: optionalNonZero(string()),
    project_id: optionalNonZero(string()),
    payload: optional(freeForm()),
    priority: between(optional(integer()), 0, 10),
    await_completion: optional(boolean()),
    await_timeout_secs: optional(integer()),
    target_api_key: optionalNonZero(string()),
  },
  "SDKSpawnRequest",
);
export type SpawnRequest = v.InferOutput<typeof spawnRequest>;

/** The child, as far as the answer shows it [strait 2.10], and how its parent waits for it. */
export const spawned = v.object({
  id: string(),
  job_id: string(),
  parent_run_id: string(),
  project_id: string(),
  status: v.picklist(RUN_STATUSES),
  triggered_by: string(),
  await_completion: v.optional(v.literal(true)),
  await_event_key: v.optional(string()),
});
export type Spawned = v.InferOutput<typeof spawned>;
