import * as v from "valibot";
import type { Schema } from "../../http/schema.ts";
import { BATCH_SIZE, isBatch } from "../wire/id-batch.ts";
import { boolean, constrained, list, optional, required, uuid } from "../wire/values.ts";

/** The body of a batch: one to a thousand records under `name`, read as the list of them. */
export function batchOf<Write>(name: "traces" | "spans", write: Schema<Write>): Schema<Array<NonNullable<Write>>> {
  const records = constrained(required(list(required(write))), isBatch, BATCH_SIZE);
  return v.pipe(
    v.object({ [name]: records }),
    v.transform((body) => body[name] ?? []),
  );
}

/** An update of several records. */
export interface BatchUpdate<Update> {
  ids: string[];
  update: Update;
  /** Whether `tags` are added to those that a record has; default `false`, they take their place. */
  merge_tags?: boolean | undefined;
}

/** None is answered twice, as the real server checks it with two constraints [opik 7.2]. */
const ids = v.pipe(
  v.nullish(list(required(uuid())), () => null),
  v.metadata({ required: true }),
  v.check((given) => given !== null, "must not be null"),
  v.check((given) => given !== null && given.length > 0, "must not be empty"),
  v.check((given) => given === null || isBatch(given), BATCH_SIZE),
  v.transform((given) => [...new Set(given)]),
);

/** The body of an update of several records. */
export function batchUpdateOf<Update>(update: Schema<Update>): Schema<BatchUpdate<NonNullable<Update>>> {
  return v.object({ ids, update: required(update), merge_tags: optional(boolean()) });
}
