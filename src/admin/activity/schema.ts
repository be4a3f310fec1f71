import * as v from "valibot";
import { JOB_STATUSES } from "../../opik/runners/jobs/schema.ts";
import { runAttempt } from "../../strait/run/attempts/schema.ts";
import { RUN_STATUSES } from "../../strait/run/state-machine.ts";
import { eventTrigger } from "../../strait/waits/schema.ts";
import { delivery } from "../../strait/webhooks/schema.ts";

const count = v.pipe(v.number(), v.integer());
const time = v.pipe(v.string(), v.isoTimestamp());

/** The common fields. Texts are cut: the job or run itself has the whole texts. */
const shared = {
  id: v.string(),
  project_id: v.string(),
  created_at: time,
  started_at: v.optional(time),
  /** The beginning of the JSON text that the job or run was given. */
  input: v.optional(v.string()),
  /** The beginning of the JSON text of its result. */
  result: v.optional(v.string()),
  error: v.optional(v.string()),
};

const recentJob = v.object({
  ...shared,
  runner_id: v.string(),
  agent_name: v.string(),
  status: v.picklist(JOB_STATUSES),
  completed_at: v.optional(time),
});
export type ActivityJob = v.InferOutput<typeof recentJob>;

const recentRun = v.object({
  ...shared,
  job_id: v.string(),
  status: v.picklist(RUN_STATUSES),
  attempt: count,
  finished_at: v.optional(time),
});
export type ActivityRun = v.InferOutput<typeof recentRun>;

/** How many jobs and runs ended in one minute; `failed` is a part of `ended`. */
const minute = v.object({ time, ended: count, failed: count });
export type ActivityMinute = v.InferOutput<typeof minute>;

/** Answer of `GET /__local/activity`. */
export const activity = v.object({
  now: time,
  /** The last 60 minutes, the current one last. */
  minutes: v.array(minute),
  jobs: v.object({ running: v.array(recentJob), failed: v.array(recentJob), newest: v.array(recentJob) }),
  /** Of all projects. */
  runs: v.object({ under_way: v.array(recentRun), failed: v.array(recentRun), newest: v.array(recentRun) }),
});
export type Activity = v.InferOutput<typeof activity>;

/** Answer of `GET /__local/run-parts`. */
export const runParts = v.object({
  /** Without the last one, which is the run itself. */
  attempts: v.array(runAttempt),
  waits: v.array(eventTrigger),
  deliveries: v.array(delivery),
});
export type RunPartList = v.InferOutput<typeof runParts>;
