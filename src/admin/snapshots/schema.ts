import * as v from "valibot";

/** A state of the server that was stored under a name. */
export const snapshot = v.object({
  name: v.string(),
  /** The server's time then. */
  now: v.pipe(v.string(), v.isoTimestamp()),
  bytes: v.pipe(v.number(), v.integer()),
});
export type Snapshot = v.InferOutput<typeof snapshot>;

/** Answer of `GET /__local/snapshots`. */
export const snapshotList = v.object({ snapshots: v.array(snapshot) });

/** Answer of a reset and of what restores a state. */
export const generation = v.object({ generation: v.pipe(v.number(), v.integer()) });
