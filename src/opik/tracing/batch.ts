import * as v from "valibot";
import type { Schema } from "../../http/schema.ts";
import { BATCH_SIZE, isBatch } from "../wire/id-batch.ts";
import { constrained, list, required } from "../wire/values.ts";

/** The body of a batch: one to a thousand records under `name`, read as the list of them. */
export function batchOf<Write>(name: "traces" | "spans", write: Schema<Write>): Schema<Array<NonNullable<Write>>> {
  const records = constrained(required(list(required(write))), isBatch, BATCH_SIZE);
  return v.pipe(
    v.object({ [name]: records }),
    v.transform((body) => body[name] ?? []),
  );
}
