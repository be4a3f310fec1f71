import { RUN_STATUSES } from "../../strait/run/state-machine.ts";
import { columnsOf } from "../console/layout.ts";
import { LIMIT_FLAG, limitOf } from "../limit-flag.ts";
import { actOnRun, RUN_ACTIONS } from "../run-actions.ts";
import { statusOf } from "../status-flag.ts";
import { defineVerb } from "../verb.ts";
import { describeRuns } from "../views/jobs.ts";

/** `opik-local runs`: lists the newest executor runs, or shows one. */
export const runsVerb = defineVerb({
  name: "runs",
  description: "List the newest executor runs, show one with its history, or do something to it",
  words: {
    hint: "run [action]",
    description: `A run: its id, the beginning or end of it, or last; an action: ${Object.keys(RUN_ACTIONS).join(", ")}`,
  },
  flags: {
    project: { type: "string", valueHint: "name", description: "Only of this project" },
    status: {
      type: "string",
      valueHint: "status",
      description: "Only with this status, such as queued, executing or failed",
    },
    ...LIMIT_FLAG,
  },
  run: async ({ client, flags, words: [word, action], terminal, say, data }) => {
    if (word !== undefined) {
      const found = await client.runs.find(word);
      const { id } = found;
      if (action !== undefined) {
        const done = await actOnRun(client, found, action);
        data(await client.runs.get(id));
        say(done);
        return;
      }
      const [run, events] = [await client.runs.get(id), await client.runs.events(id)];
      data({ ...run, events });
      const lines = Object.entries(run).map(([name, value]) => `${name.padEnd(16)} ${textOf(value)}`);
      say([...lines, "", ...events.map(({ type, message }) => `${type.padEnd(16)} ${message}`)].join("\n").trimEnd());
      return;
    }
    const runs = await client.runs.list({
      project: flags["project"] as string | undefined,
      status: statusOf(flags["status"], RUN_STATUSES),
      limit: limitOf(flags["limit"]),
    });
    const { now, executor_jobs } = await client.state();
    const slugs = new Map(executor_jobs.map(({ id, slug }) => [id, slug]));
    const slugOf = ({ job_id }: { job_id: string }): string => slugs.get(job_id) ?? job_id;
    data(runs);
    say(runs.length === 0 ? "no runs" : describeRuns(runs, slugOf, Date.parse(now), columnsOf(terminal.stdout)));
  },
});

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
