import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";
import { readFields } from "../words.ts";

/** `opik-local trigger`: triggers a run of an executor job. */
export const triggerVerb = defineVerb({
  name: "trigger",
  description: "Trigger a run of an executor job",
  words: { hint: "job [key=value...]", description: "The job (slug or id) and the fields of the payload" },
  flags: {
    project: { type: "string", valueHint: "name", description: "Project of the job, when several have the slug" },
    payload: { type: "string", valueHint: "json", description: "The payload as JSON; --json '{...}' does the same" },
  },
  run: async ({ client, flags, words, say, data }) => {
    const [job, ...fields] = words;
    if (job === undefined)
      throw new CommandError(
        "Which job? `opik-local trigger deploy version=1.4.2`. `opik-local status` lists them.",
        EXIT.usage,
      );
    const payload = readFields(fields, flags["payload"]);
    const body = payload === undefined ? {} : { payload };
    const triggered = await client.runs.trigger(job, body, flags["project"] as string | undefined);
    data(triggered);
    say(triggered.id);
  },
});
