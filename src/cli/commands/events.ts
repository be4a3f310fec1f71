import type { OpikLocalClient } from "../../client/client.ts";
import type { EventFilter } from "../../client/events.ts";
import { columnsOf, cut } from "../console/layout.ts";
import { shortenIds } from "../console/short.ts";
import { print } from "../print.ts";
import { defineVerb } from "../verb.ts";

/** Finds the id of the thing whose events are followed, by the flag that names it. */
const SUBJECTS: Readonly<Record<string, (client: OpikLocalClient, text: string) => Promise<string>>> = {
  job: async ({ jobs }, text) => (await jobs.find(text)).id,
  run: async ({ runs }, text) => (await runs.find(text)).id,
  runner: (client, text) => client.findRunner(text),
};

/** `opik-local events`: follows every change of state. */
export const eventsVerb = defineVerb({
  name: "events",
  description: "Follow every change of state until Ctrl-C",
  words: { hint: "names", description: "Only these events, with commas in between: job:*,run:created" },
  flags: {
    job: { type: "string", valueHint: "job", description: "Only of this job: any part of its id, or last" },
    run: { type: "string", valueHint: "run", description: "Only of this run: any part of its id, or last" },
    runner: { type: "string", valueHint: "name", description: "Only of this runner" },
    follow: { type: "boolean", alias: "f", description: "As without it: events are always followed" },
  },
  run: async ({ client, flags, words: [names], terminal, say, data }) => {
    const filter: EventFilter = { name: names };
    for (const [kind, find] of Object.entries(SUBJECTS)) {
      const text = flags[kind];
      if (typeof text === "string") Object.assign(filter, { [kind]: await find(client, text) });
    }
    const events = await client.events.follow(filter);
    print(terminal.stderr, "# following until the server stops or Ctrl-C");
    const columns = columnsOf(terminal.stdout) ?? Number.POSITIVE_INFINITY;
    for await (const event of events) {
      data(event.text);
      say(cut(`${event.name}  ${shortenIds(JSON.stringify(event.payload ?? {}))}`, columns));
    }
  },
});
