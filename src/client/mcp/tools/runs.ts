import * as v from "valibot";
import { RawJson } from "../../../core/json.ts";
import { RUN_STATUSES } from "../../../strait/run/state-machine.ts";
import type { OpikLocalClient } from "../../client.ts";
import { limit, object, text, waitSeconds } from "../arguments.ts";
import { defineTool, type Tool } from "../tool.ts";
import { waitForEnd } from "../waiting.ts";

const executorProject = v.optional(text("Id of the executor project; default all"));

/** Tools for executor runs of Strait's API. */
export const RUN_TOOLS: readonly Tool[] = [
  defineTool({
    name: "list_executor_jobs",
    title: "List executor jobs",
    description: "List the executor jobs that trigger_run can run, with their runs by status and next schedule.",
    input: v.object({}),
    effect: "reads",
    run: async (client) => (await client.state()).executor_jobs,
  }),
  defineTool({
    name: "trigger_run",
    title: "Trigger a run",
    description:
      "Trigger a run of an executor job and wait for its end. Returns the run with its history. When it has not ended in " +
      "time, waiting_for says what it waits for, for example an event that send_event sends.",
    input: v.object({
      job: text("Slug or id of the executor job"),
      project: executorProject,
      payload: v.optional(object("The payload of the run")),
      wait_seconds: waitSeconds,
    }),
    effect: "writes",
    run: async (client, { job, project, payload, wait_seconds }, signal) => {
      const { id } = await client.runs.trigger(job, payload === undefined ? {} : { payload }, project);
      await waitForEnd(client, { run: id }, wait_seconds, signal);
      return readRun(client, id);
    },
  }),
  defineTool({
    name: "list_runs",
    title: "List runs",
    description: "List the newest executor runs, with their status, attempt, result or error.",
    input: v.object({
      project: executorProject,
      status: v.optional(v.pipe(v.picklist(RUN_STATUSES), v.description("Only runs of this status"))),
      limit,
    }),
    effect: "reads",
    run: (client, filter) => client.runs.list(filter),
  }),
  defineTool({
    name: "get_run",
    title: "Read a run",
    description: "Read an executor run with its history: log lines, progress, changes of status.",
    input: v.object({ run: text("Id of the run, the beginning or end of it, or last for the newest") }),
    effect: "reads",
    run: async (client, input) => readRun(client, (await client.runs.find(input.run)).id),
  }),
  defineTool({
    name: "send_event",
    title: "Send an event",
    description: "Send an event to the executor run that waits for it.",
    input: v.object({
      event_key: text("Key of the event; get_run and explain name what a run waits for"),
      project: executorProject,
      payload: v.optional(object("The payload of the event")),
    }),
    effect: "writes",
    run: (client, { event_key, project, payload }) =>
      client.runs.sendEvent(event_key, payload === undefined ? {} : { payload }, project),
  }),
];

async function readRun(client: OpikLocalClient, id: string): Promise<unknown> {
  const reply = await client.runs.reply(id);
  const { finished_at } = reply.json<{ finished_at?: string }>();
  return {
    run: new RawJson(reply.text),
    history: await client.runs.events(id),
    ...(finished_at === undefined ? { waiting_for: await client.why(id) } : {}),
  };
}
