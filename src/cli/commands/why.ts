import { defineVerb } from "../verb.ts";
import { describeExplanation } from "../views/explanation.ts";
import { needWord } from "../words.ts";

/** `opik-local why`: explains why a job or run has not gone on, and what to do. */
export const whyVerb = defineVerb({
  name: "why",
  description: "Explain what a job or run waits for, or why it failed, and what to do",
  words: { hint: "job or run", description: "Its id, the beginning or end of it, or last for the newest job" },
  run: async ({ client, words, say, data }) => {
    const word = needWord(
      words,
      "Which job or run? `opik-local why last`, or an id of `opik-local jobs` or `opik-local runs`.",
    );
    const explanation = await client.why(await client.findWork(word));
    data(explanation);
    say(describeExplanation(explanation));
  },
});
