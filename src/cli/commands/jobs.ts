import { JOB_TRANSITIONS } from "../../opik/runners/jobs/state-machine.ts";
import { columnsOf } from "../console/layout.ts";
import { LIMIT_FLAG, limitOf } from "../limit-flag.ts";
import { statusOf } from "../status-flag.ts";
import { defineVerb } from "../verb.ts";
import { describeJobs } from "../views/jobs.ts";

/** The statuses of jobs. */
const STATUSES = Object.keys(JOB_TRANSITIONS);

/** `opik-local jobs`: lists the newest jobs. */
export const jobsVerb = defineVerb({
  name: "jobs",
  description: "List the newest jobs",
  flags: {
    project: { type: "string", valueHint: "name", description: "Only of this project" },
    status: {
      type: "string",
      valueHint: "status",
      description: "Only pending, running, completed, failed or cancelled",
    },
    ...LIMIT_FLAG,
  },
  run: async ({ client, flags, terminal, say, data }) => {
    const jobs = await client.jobs.list({
      project: flags["project"] as string | undefined,
      status: statusOf(flags["status"], STATUSES),
      limit: limitOf(flags["limit"]),
    });
    const { now } = await client.state();
    data(jobs);
    say(jobs.length === 0 ? "no jobs" : describeJobs(jobs, Date.parse(now), columnsOf(terminal.stdout)));
  },
});
