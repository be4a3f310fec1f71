import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";

/** `opik-local clock`: shows the time of a server, or moves its virtual clock. */
export const clockVerb = defineVerb({
  name: "clock",
  description: "Show the time of a server, or move its virtual clock",
  words: { hint: "advance 16s", description: "Moves the clock; default: show the time" },
  run: async ({ client, words: [action, value], say, data }) => {
    if (action === undefined) {
      const { now, clock } = await client.state();
      data({ now, clock });
      say(`${now} (${clock})`);
      return;
    }
    if (action !== "advance" || value === undefined)
      throw new CommandError("Which time? `opik-local clock advance 16s`.", EXIT.usage);
    const state = await client.advance(value);
    data(state);
    say(state.now);
  },
});
