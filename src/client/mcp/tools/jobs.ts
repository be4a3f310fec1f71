import * as v from "valibot";
import { RawJson } from "../../../core/json.ts";
import { JOB_STATUSES } from "../../../opik/runners/jobs/schema.ts";
import type { OpikLocalClient } from "../../client.ts";
import { limit, object, project, text, waitSeconds } from "../arguments.ts";
import { defineTool, type Tool } from "../tool.ts";
import { waitForEnd } from "../waiting.ts";
import { readTrace } from "./traces.ts";

/** Of a longer log the end. */
const MAX_LOG_ENTRIES = 200;

const job = text("Id of the job, the beginning or end of it, or last for the newest");

/** Tools for the jobs of Opik's runners. */
export const JOB_TOOLS: readonly Tool[] = [
  defineTool({
    name: "run_job",
    title: "Run a job",
    description:
      "Submit a job to an agent and wait for its end. Returns the job with its result or error, its logs and its trace. " +
      "When it has not ended in time, its status says so, and waiting_for what it waits for; get_job reads it later.",
    input: v.object({
      agent: text("Name of the agent, as list_agents has it"),
      project: v.optional(text("Name of its project; needed when several projects have the agent")),
      inputs: v.optional(object("The arguments of the agent by parameter name")),
      wait_seconds: waitSeconds,
    }),
    effect: "writes",
    run: async (client, { wait_seconds, ...submitted }, signal) => {
      const id = await client.jobs.create(submitted);
      await waitForEnd(client, { job: id }, wait_seconds, signal);
      return readJob(client, id);
    },
  }),
  defineTool({
    name: "list_jobs",
    title: "List jobs",
    description: "List the newest jobs of Opik's runners, with their status, inputs, result or error.",
    input: v.object({
      project,
      status: v.optional(v.pipe(v.picklist(JOB_STATUSES), v.description("Only jobs of this status"))),
      limit,
    }),
    effect: "reads",
    run: (client, filter) => client.jobs.list(filter),
  }),
  defineTool({
    name: "get_job",
    title: "Read a job",
    description: "Read a job with its result or error, its logs and its trace.",
    input: v.object({ job }),
    effect: "reads",
    run: async (client, input) => readJob(client, (await client.jobs.find(input.job)).id),
  }),
  defineTool({
    name: "cancel_job",
    title: "Cancel a job",
    description: "Cancel a job that has not ended.",
    input: v.object({ job }),
    effect: "destroys",
    run: async (client, input) => {
      const { id } = await client.jobs.find(input.job);
      await client.jobs.cancel(id);
      return new RawJson((await client.jobs.reply(id)).text);
    },
  }),
];

async function readJob(client: OpikLocalClient, id: string): Promise<unknown> {
  const reply = await client.jobs.reply(id);
  const { status, trace_id } = reply.json<{ status: string; trace_id?: string }>();
  const logs = await client.jobs.logs(id);
  const hasEnded = status !== "pending" && status !== "running";
  return {
    job: new RawJson(reply.text),
    logs: logs.slice(-MAX_LOG_ENTRIES).map(({ stream, text }) => (stream === "stdout" ? text : `[${stream}] ${text}`)),
    ...(hasEnded ? {} : { waiting_for: await client.why(id) }),
    ...(trace_id === undefined ? {} : { trace: await readTrace(client, trace_id) }),
  };
}
