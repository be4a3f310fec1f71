import * as v from "valibot";
import type { Schema } from "../../http/schema.ts";
import { constrained, list, required } from "../wire/values.ts";

/** As many records as the real server takes in one request (facts 2). */
const MAX_RECORDS = 1_000;

/** The body of a batch: one to a thousand records under `name`, read as the list of them. */
export function batchOf<Write>(name: "traces" | "spans", write: Schema<Write>): Schema<Array<NonNullable<Write>>> {
  const records = constrained(
    required(list(required(write))),
    ({ length }) => length >= 1 && length <= MAX_RECORDS,
    `size must be between 1 and ${MAX_RECORDS}`,
  );
  return v.pipe(
    v.object({ [name]: records }),
    v.transform((body) => body[name] ?? []),
  );
}
