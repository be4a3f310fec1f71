import { columnsOf } from "../console/layout.ts";
import { LIMIT_FLAG, limitOf } from "../limit-flag.ts";
import { defineVerb } from "../verb.ts";
import { describeTraces } from "../views/trace.ts";

/** `opik-local traces`: lists the newest traces. */
export const tracesVerb = defineVerb({
  name: "traces",
  description: "List the newest traces",
  flags: { project: { type: "string", valueHint: "name", description: "Only of this project" }, ...LIMIT_FLAG },
  run: async ({ client, flags, terminal, say, data }) => {
    const filter = { project: flags["project"] as string | undefined, limit: limitOf(flags["limit"]) };
    const traces = await client.traces.list(filter);
    const { now } = await client.state();
    data(traces);
    say(traces.length === 0 ? "no traces" : describeTraces(traces, Date.parse(now), columnsOf(terminal.stdout)));
  },
});
