import { readEvents } from "../../client/event-stream.ts";
import { columnsOf, cut } from "../console/layout.ts";
import { shortenIds } from "../console/short.ts";
import { CommandError } from "../failures.ts";
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
  run: async ({ server, flags, words: [names], terminal, say, data }) => {
    const query = new URLSearchParams(names === undefined ? {} : { name: names });
    for (const kind of SUBJECTS) {
      const id = flags[kind];
      if (typeof id === "string") query.set(kind, id);
    }
    const headers: Record<string, string> = server.apiKey === undefined ? {} : { authorization: server.apiKey };
    // Not with the time limit of other requests: the stream stays open.
    const response = await fetch(`${server.url}/__local/events?${query}`, { headers }).catch(() => undefined);
    if (response === undefined) throw new CommandError(`No server answers at ${server.url}.`);
    if (!response.ok || response.body === null)
      throw new CommandError(`The server at ${server.url} answers ${response.status}: ${await response.text()}`);
    const columns = columnsOf(terminal.stdout) ?? Number.POSITIVE_INFINITY;
    for await (const event of readEvents(response.body)) {
      data(event.data);
      const { payload } = JSON.parse(event.data) as { payload?: unknown };
      say(cut(`${event.name}  ${shortenIds(JSON.stringify(payload ?? {}))}`, columns));
    }
  },
});
