import { RefusedError } from "../../client/call.ts";
import { didYouMean } from "../../core/did-you-mean.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb, type Work } from "../verb.ts";
import { readFields } from "../words.ts";

/** How many awaited events are named. */
const MAX_NAMED = 10;

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
    const project = flags["project"] as string | undefined;
    const sending = client.runs.sendEvent(key, body, project);
    const wait = await sending.catch(async (error: unknown) => {
      if (!(error instanceof RefusedError && error.status === 404)) throw error;
      throw new CommandError(`No run waits for the event ${key}.${await hintAtEvents(client, key, project)}`);
    });
    data(wait);
    say(`${key} was sent to the run ${wait.job_run_id ?? ""}`);
  },
});

/** What the key was probably meant to be, or what runs wait for. */
async function hintAtEvents({ runs }: Work["client"], key: string, project: string | undefined): Promise<string> {
  const awaited = await runs.awaitedEvents(project, MAX_NAMED);
  if (awaited.length === 0) return "";
  return didYouMean(key, awaited) || ` Runs wait for ${awaited.join(", ")}.`;
}
