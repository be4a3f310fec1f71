import { columnsOf, cut } from "../console/layout.ts";
import { shortenIds } from "../console/short.ts";
import { print } from "../print.ts";
import { defineVerb } from "../verb.ts";

/** The flags that name the thing whose events are followed. */
const SUBJECTS = ["job", "run", "runner"] as const;

/** `opik-local events`: follows every change of state. */
export const eventsVerb = defineVerb({
  name: "events",
  description: "Follow every change of state until Ctrl-C",
  words: { hint: "names", description: "Only these events, with commas in between: job:*,run:created" },
  flags: {
    job: { type: "string", valueHint: "id", description: "Only of this job" },
    run: { type: "string", valueHint: "id", description: "Only of this run" },
    runner: { type: "string", valueHint: "id", description: "Only of this runner" },
    follow: { type: "boolean", alias: "f", description: "As without it: events are always followed" },
  },
  run: async ({ client, flags, words: [names], terminal, say, data }) => {
    const ids = SUBJECTS.map((kind) => [kind, flags[kind]] as const).filter(([, id]) => typeof id === "string");
    const events = await client.events.follow({ name: names, ...Object.fromEntries(ids) });
    print(terminal.stderr, "# following until the server stops or Ctrl-C");
    const columns = columnsOf(terminal.stdout) ?? Number.POSITIVE_INFINITY;
    for await (const event of events) {
      data(event.text);
      say(cut(`${event.name}  ${shortenIds(JSON.stringify(event.payload ?? {}))}`, columns));
    }
  },
});
