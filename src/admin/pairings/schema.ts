import * as v from "valibot";
import { RUNNER_TYPES } from "../../opik/runners/schema.ts";

/** A runner that waits to be paired, as the event `pairing:session:created` has it. */
const waitingRunner = v.object({
  runner_id: v.string(),
  type: v.picklist(RUNNER_TYPES),
  project_id: v.string(),
  workspace: v.string(),
  /** ISO 8601. */
  expires_at: v.string(),
});
export type WaitingRunner = v.InferOutput<typeof waitingRunner>;

/** Answer of `GET /__local/pairings`. */
export const waitingRunners = v.object({ runners: v.array(waitingRunner) });
export type WaitingRunners = v.InferOutput<typeof waitingRunners>;

/** Body of `POST /__local/pairings`. */
export const approveRequest = v.object({
  /** Id of the runner. */
  runner: v.pipe(v.string(), v.uuid()),
  /** The name that the runner gets. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
});

/** Answer of `POST /__local/pairings`. */
export const approveResponse = v.object({ runner_id: v.string(), name: v.string() });
