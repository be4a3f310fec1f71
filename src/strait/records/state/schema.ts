import * as v from "valibot";
import { freeForm, object, required, requiredFreeForm, string } from "../../wire/values.ts";

/** One value that a run keeps under a key [strait 3.2]. */
export const runState = v.object({
  run_id: string(),
  state_key: string(),
  value: freeForm(),
  updated_at: string({ format: "date-time" }),
});
export type RunState = v.InferOutput<typeof runState>;

export const runStates = v.array(runState);

/** Body of an executor's `state` [strait 2.13]. */
export const stateRequest = object({ key: required(string()), value: requiredFreeForm() }, "SDKSetStateRequest");
export type StateRequest = v.InferOutput<typeof stateRequest>;
