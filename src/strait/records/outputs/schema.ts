import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { freeForm, object, optional, optionalNonZero, string } from "../../wire/values.ts";

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

/**
 * Body of an executor's `output` [strait 2.7]. The published Python SDK sends `key`, which the real server refuses
 * [strait 2.7]; it is read for `output_key` here.
 */
export const outputRequest = object(
  {
    output_key: v.pipe(optionalNonZero(string()), v.metadata({ required: true })),
    key: optionalNonZero(string()),
    value: v.pipe(optional(freeForm()), v.metadata({ required: true })),
    schema: optional(freeForm()),
  },
  "SDKOutputRequest",
);
export type OutputRequest = v.InferOutput<typeof outputRequest>;
