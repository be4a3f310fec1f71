import type { Publishers } from "../core/events.ts";
import { toJob } from "./definitions/jobs/job.ts";
import type { StraitChanges, StraitEvents } from "./events.ts";
import { toRun } from "./run/run.ts";
import { toDelivery } from "./webhooks/delivery.ts";

/** What listeners receive of the rows that have changed. */
export const PUBLISHED_STRAIT_EVENTS: Publishers<StraitChanges, StraitEvents> = {
  "run:created": ({ run }) => ({ run: toRun(run) }),
  "run:status:changed": ({ run, from, reported }) => ({ run: toRun(run), from, ...(reported ? { reported } : {}) }),
  "run:rescheduled": ({ run }) => ({ run: toRun(run) }),
  "run:dispatched": ({ run, endpoint_url }) => ({ run: toRun(run), endpoint_url }),
  "run:wait:changed": ({ wait: { id, project_id, event_key, job_run_id, status } }) => {
    return { trigger_id: id, project_id, event_key, run_id: job_run_id ?? "", status };
  },
  "run:webhook:changed": ({ delivery }) => ({ delivery: toDelivery(delivery) }),
  "run:job:changed": ({ job }) => ({ job: toJob(job) }),
};
