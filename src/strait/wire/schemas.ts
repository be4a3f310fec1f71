import * as v from "valibot";

/** A page of a list, for the OpenAPI document [strait 0.6]. */
export function pageOf<Item extends v.GenericSchema>(
  item: Item,
): v.ObjectSchema<
  {
    data: v.ArraySchema<Item, undefined>;
    next_cursor: v.OptionalSchema<v.StringSchema<undefined>, undefined>;
    has_more: v.BooleanSchema<undefined>;
  },
  undefined
> {
  return v.object({ data: v.array(item), next_cursor: v.optional(v.string()), has_more: v.boolean() });
}

/** The body of errors [strait 0.3], for the OpenAPI document. */
export const runsError = v.object({
  error: v.object({ code: v.string(), message: v.string(), details: v.optional(v.array(v.string())) }),
  request_id: v.string(),
});

/** The answer to what has no more to say than that it was done. */
export const ok = v.object({ status: v.literal("ok") });
