import { StateMachine } from "../../../core/state-machine.ts";
import type { JobStatus } from "./schema.ts";

/** The allowed changes of a job's status [opik 3.2]. */
export const JOB_TRANSITIONS: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  pending: ["running", "completed", "failed", "cancelled"],
  // Back to pending: the client did not read the answer that assigned the job.
  running: ["pending", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

export const JOB_STATES: StateMachine<JobStatus> = new StateMachine(JOB_TRANSITIONS);
