import * as v from "valibot";
import { RawJson } from "../../../core/json.ts";
import { RefusedError } from "../../call.ts";
import type { OpikLocalClient } from "../../client.ts";
import type { PlainTrace } from "../../plain.ts";
import { limit, project, text } from "../arguments.ts";
import { defineTool, type Tool } from "../tool.ts";

/** Tools that read the traces that agents have written. */
export const TRACE_TOOLS: readonly Tool[] = [
  defineTool({
    name: "list_traces",
    title: "List traces",
    description: "List the newest traces: name, input, output, duration, usage, estimated cost, error.",
    input: v.object({ project, limit }),
    effect: "reads",
    run: (client, filter) => client.traces.list(filter),
  }),
  defineTool({
    name: "get_trace",
    title: "Read a trace",
    description: "Read a trace with all its spans (calls of models and tools), oldest first.",
    input: v.object({ trace: text("Id of the trace, the beginning or end of it, its name, or last for the newest") }),
    effect: "reads",
    run: async (client, input) => readTrace(client, (await client.traces.find(input.trace)).id),
  }),
];

/** A trace with its spans; `undefined` when the agent has not sent it yet. */
export async function readTrace(client: OpikLocalClient, id: string): Promise<unknown> {
  try {
    const reply = await client.traces.reply(id);
    return { trace: new RawJson(reply.text), spans: await client.traces.spans(reply.json<PlainTrace>()) };
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}
