import type { StoredJob } from "./definitions/jobs/job.ts";
import type { Job } from "./definitions/jobs/schema.ts";
import type { RunRow } from "./run/run.ts";
import type { Run, RunStatus } from "./run/schema.ts";
import type { EventTriggerRow } from "./waits/trigger.ts";
import type { DeliveryRow } from "./webhooks/delivery.ts";
import type { Delivery } from "./webhooks/schema.ts";

/** A line of a run's history in the payload of events. */
export interface RunEventNotice {
  /** Grows with every stored event; streams resume behind it. */
  sequence: number;
  id: string;
  run_id: string;
  type: string;
  level: string | undefined;
  message: string;
  /** JSON text. */
  data: string | undefined;
  /** Milliseconds since the epoch. */
  created_at: number;
}

/** Everything that happens on the side of executor runs, as listeners receive it after the commit. */
export interface StraitEvents {
  /** A run was made, in the status it begins with. */
  "run:created": { run: Run };
  /** The status of a run changed; `reported` when its executor reported it by a request. */
  "run:status:changed": { run: Run; from: RunStatus; reported?: true };
  /** The start time of a run that has not started was changed. */
  "run:rescheduled": { run: Run };
  /** A run of `execution_mode` `http` began to execute: the part that serves its endpoint's scheme continues. */
  "run:dispatched": { run: Run; endpoint_url: string };
  /**
   * A push of a run failed; `body` is the beginning of what the endpoint answered, or why there is no answer: then
   * `status` is 0.
   */
  "run:push:failed": { run_id: string; status: number; body: string };
  /**
   * A trigger was deferred: it creates a run at `fire_at` (milliseconds since the epoch), alone or together with
   * others.
   */
  "run:trigger:deferred": { fire_at: number };
  /** An event was written into a run's history. */
  "run:event:appended": { project_id: string; event: RunEventNotice };
  /** An executor streamed a piece of its output, which is not stored. */
  "run:chunk:streamed": { run_id: string; project_id: string; chunk: string; stream_id: string; done: boolean };
  /** A run waits for an event, or its wait is over. */
  "run:wait:changed": { trigger_id: string; project_id: string; event_key: string; run_id: string; status: string };
  /** A run has ended, and the next run of its chain cannot be created. */
  "run:chain:broken": { run_id: string; next: string; reason: string };
  /** The schedule of a job never fires, because its time zone does not exist. */
  "run:schedule:skipped": { job_id: string; slug: string; timezone: string };
  /** A webhook is to be called, or was called. */
  "run:webhook:changed": { delivery: Delivery };
  /** A job of executor runs was created or changed, perhaps with its schedule and limits. */
  "run:job:changed": { job: Job };
  /** A job of executor runs was deleted. */
  "run:job:deleted": { id: string; project_id: string };
}

/** Rows as they are after the change, so that reactions need not read them again. */
interface StraitRows {
  "run:created": { run: RunRow };
  /** `job` is the run's at its version, where the change has read it. */
  "run:status:changed": { run: RunRow; from: RunStatus; reported?: true; job?: StoredJob };
  "run:rescheduled": { run: RunRow };
  /** `job` is the run's at its version. */
  "run:dispatched": { run: RunRow; job: StoredJob; endpoint_url: string };
  "run:wait:changed": { wait: EventTriggerRow };
  "run:webhook:changed": { delivery: DeliveryRow };
  "run:job:changed": { job: StoredJob };
}

/** The events of `StraitEvents` as they are emitted, and as reactions receive them. */
export type StraitChanges = Omit<StraitEvents, keyof StraitRows> & StraitRows;
