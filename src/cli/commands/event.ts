import { RefusedError } from "../../client/call.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";
import { readFields } from "../words.ts";

/** `opik-local event`: sends an event to the run that waits for it. */
export const eventVerb = defineVerb({
  name: "event",
  description: "Send an event to the executor run that waits for it",
  words: { hint: "key [key=value...]", description: "The key of the event and the fields of its payload" },
  flags: {
    project: { type: "string", valueHint: "name", description: "Only a run of this project" },
    payload: { type: "string", valueHint: "json", description: "The payload as JSON; --json '{...}' does the same" },
  },
  run: async ({ client, flags, words, say, data }) => {
    const [key, ...fields] = words;
    if (key === undefined) throw new CommandError("Which event? `opik-local event approve-1.4.2 by=ada`.", EXIT.usage);
    const payload = readFields(fields, flags["payload"]);
    const body = payload === undefined ? {} : { payload };
    const sending = client.runs.sendEvent(key, body, flags["project"] as string | undefined);
    const wait = await sending.catch((error: unknown) => {
      const isUnknown = error instanceof RefusedError && error.status === 404;
      throw isUnknown ? new CommandError(`No run waits for the event ${key}.`) : error;
    });
    data(wait);
    say(`${key} was sent to the run ${wait.job_run_id ?? ""}`);
  },
});
