import { boolean, object, optional, optionalNonZero, string } from "../wire/values.ts";

/** Body of an executor's `stream` [strait 2.17]. */
export const chunkRequest = object(
  {
    chunk: optional(string()),
    stream_id: optionalNonZero(string()),
    done: optional(boolean()),
  },
  "SDKStreamChunkRequest",
);
