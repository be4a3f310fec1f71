import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { freeForm, object, optional, required, requiredFreeForm, string } from "../../wire/values.ts";

/** A named result of a run [strait 3.2]. */
export const output = v.object({
  id: string(),
  run_id: string(),
  output_key: string(),
  schema: v.optional(freeForm()),
  value: freeForm(),
  created_at: string({ format: "date-time" }),
});
export type Output = v.InferOutput<typeof output>;

export const outputPage = pageOf(output);

/** Body of an executor's `output` [strait 2.7]. */
export const outputRequest = object({
  output_key: required(string()),
  value: requiredFreeForm(),
  schema: optional(freeForm()),
});
export type OutputRequest = v.InferOutput<typeof outputRequest>;
