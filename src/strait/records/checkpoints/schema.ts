import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { freeForm, integer, object, optional, requiredFreeForm, string } from "../../wire/values.ts";

/** A checkpoint: state that an executor saves [strait 3.2]. */
export const checkpoint = v.object({
  id: string(),
  run_id: string(),
  sequence: integer(),
  source: string(),
  state: freeForm(),
  created_at: string({ format: "date-time" }),
});
export type Checkpoint = v.InferOutput<typeof checkpoint>;

export const checkpointPage = pageOf(checkpoint);

/** Body of an executor's `checkpoint` [strait 2.6]. */
export const checkpointRequest = object(
  { state: requiredFreeForm(), source: optional(string()) },
  "SDKCheckpointRequest",
);
