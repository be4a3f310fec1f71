import { columnsOf } from "../console/layout.ts";
import { defineVerb } from "../verb.ts";
import { describeTrace } from "../views/trace.ts";
import { needWord } from "../words.ts";

/** `opik-local trace`: shows a trace and its spans as a tree. */
export const traceVerb = defineVerb({
  name: "trace",
  description: "Show a trace and its spans as a tree",
  words: { hint: "trace", description: "Its name or id, the beginning or end of the id, or last" },
  run: async ({ client, words, terminal, say, data }) => {
    const question = "Which trace? `opik-local trace last`, or one of `opik-local traces`.";
    const { id } = await client.traces.find(needWord(words, question));
    const trace = await client.traces.get(id);
    const spans = await client.traces.spans(trace);
    data({ ...trace, spans });
    say(describeTrace(trace, spans, columnsOf(terminal.stdout)));
  },
});
