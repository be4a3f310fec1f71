import * as v from "valibot";
import { requestMatcher } from "../../../admin/journal/matcher.ts";
import { limit, object, text } from "../arguments.ts";
import { defineTool, type Tool } from "../tool.ts";

/** Tools for what only this server has: explanations, time, the request journal. */
export const CONTROL_TOOLS: readonly Tool[] = [
  defineTool({
    name: "explain",
    title: "Explain a job or run",
    description: "Explain what a job or executor run waits for, or why it failed, and what to do about it.",
    input: v.object({ id: text("Id of the job or run, the beginning or end of it, or last for the newest job") }),
    effect: "reads",
    run: async (client, { id }) => client.why(await client.findWork(id)),
  }),
  defineTool({
    name: "advance_time",
    title: "Advance time",
    description:
      "Advance the server's virtual clock; everything that becomes due on the way (time-outs, retries, schedules) happens. " +
      "Refused when the server runs on real time: start it with --clock virtual.",
    input: v.object({
      by: text("A duration: 500ms, 16s, 5m, 2h"),
      settle: v.optional(
        v.pipe(v.boolean(), v.description("Wait until agents of SDKs, which live in real time, poll again")),
        false,
      ),
    }),
    effect: "writes",
    run: (client, { by, settle }) => client.advance(by, settle),
  }),
  defineTool({
    name: "find_requests",
    title: "Find requests",
    description:
      "Find requests that clients have sent, in the request journal: method, path, status, bodies, why it was refused, and " +
      "the nearest route of one without a route. Oldest first; of more than limit the last ones.",
    input: v.object({
      ...requestMatcher.entries,
      // The server checks the paths; the check has no form in JSON Schema.
      body_json: v.optional(object('Values in the request\'s JSON body by their paths: {"inputs.question": "hi"}')),
      limit,
    }),
    effect: "reads",
    run: (client, { limit, ...matcher }) => client.requests.find(matcher, limit),
  }),
];
