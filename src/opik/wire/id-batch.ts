import * as v from "valibot";
import { constrained, list, required, uuid } from "./values.ts";

/** As many things as the real server takes in one request [opik 7.2]. */
const MAX_BATCH_SIZE = 1_000;

/** What a batch says that has too many things, or none. */
export const BATCH_SIZE = `size must be between 1 and ${MAX_BATCH_SIZE}`;

/** Whether a batch has a size that the real server takes. */
export function isBatch({ length }: { readonly length: number }): boolean {
  return length >= 1 && length <= MAX_BATCH_SIZE;
}

/** Body of requests that delete things by their ids. */
export const idBatch = v.object({ ids: constrained(required(list(required(uuid()))), isBatch, BATCH_SIZE) });
