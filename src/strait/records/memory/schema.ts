import * as v from "valibot";
import { freeForm, integer, object, optional, requiredFreeForm, string } from "../../wire/values.ts";

const dateTime = string({ format: "date-time" });

/** A value that all runs of a job share [strait 3.2]. */
export const jobMemory = v.object({
  id: string(),
  job_id: string(),
  project_id: string(),
  memory_key: string(),
  value: freeForm(),
  size_bytes: integer(),
  ttl_expires_at: v.optional(dateTime),
  created_at: dateTime,
  updated_at: dateTime,
});
export type JobMemory = v.InferOutput<typeof jobMemory>;

export const jobMemories = v.array(jobMemory);

/** Body of an executor's `memory/{key}` [strait 2.20]. */
export const memoryRequest = object(
  { value: requiredFreeForm(), ttl_secs: optional(integer()) },
  "SDKSetMemoryRequest",
);
export type MemoryRequest = v.InferOutput<typeof memoryRequest>;
