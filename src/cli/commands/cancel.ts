import { defineVerb } from "../verb.ts";
import { needWord } from "../words.ts";

/** `opik-local cancel`: cancels a job. */
export const cancelVerb = defineVerb({
  name: "cancel",
  description: "Cancel a job",
  words: { hint: "job", description: "Its id, the beginning or end of it, or last" },
  run: async ({ client, words, say, data }) => {
    const job = await client.jobs.find(
      needWord(words, "Which job? `opik-local cancel last`, or an id of `opik-local jobs`."),
    );
    await client.jobs.cancel(job.id);
    const { status } = await client.jobs.get(job.id);
    data({ id: job.id, status });
    say(`The job ${job.id} ${status === "cancelled" ? "is cancelled" : `has ended already: it is ${status}`}.`);
  },
});
