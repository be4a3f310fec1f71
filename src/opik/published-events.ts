import type { Publishers } from "../core/events.ts";
import type { OpikChanges, OpikEvents } from "./events.ts";
import { toCommand } from "./runners/bridge/command.ts";
import { toJob } from "./runners/jobs/row.ts";

/** What listeners receive of the rows that have changed. */
export const PUBLISHED_OPIK_EVENTS: Publishers<OpikChanges, OpikEvents> = {
  "job:status:changed": ({ job, from }) => ({
    job: toJob(job),
    workspace: job.workspace,
    ...(from === undefined ? {} : { from }),
    ...(job.failure === null ? {} : { reason: job.failure }),
  }),
  "job:logs:appended": ({ job, ...logs }) => ({ job: toJob(job), workspace: job.workspace, ...logs }),
  "bridge:command:changed": ({ command, ...change }) => {
    return { command: toCommand(command), workspace: command.workspace, ...change };
  },
};
