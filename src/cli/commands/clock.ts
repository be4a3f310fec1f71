import type { OpikLocalClient } from "../../client/client.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";

/** What the first word does; the second is its value. */
const ACTIONS: Readonly<Record<string, (client: OpikLocalClient, value: string | undefined) => Promise<object>>> = {
  advance: (client, value) => client.advance(needValue("advance 16s", value)),
  set: (client, value) => client.setClock(needValue("set 2026-01-02T00:00:00Z", value)),
  resume: (client) => client.moveClock("resume"),
  freeze: (client) => client.moveClock("freeze"),
  "run-until-idle": (client, value) => client.runUntilIdle(value),
};

/** `opik-local clock`: shows the time of a server, or moves its virtual clock. */
export const clockVerb = defineVerb({
  name: "clock",
  description: "Show the time of a server, or move its virtual clock",
  words: {
    hint: "action [value]",
    description: "advance 16s, set 2026-01-02T00:00:00Z, resume, freeze or run-until-idle [1h]; default: show the time",
  },
  run: async ({ client, words: [action, value], say, data }) => {
    const act = action === undefined ? () => client.clock() : ACTIONS[action];
    if (act === undefined)
      throw new CommandError(`There is no ${action}: ${Object.keys(ACTIONS).join(", ")}.`, EXIT.usage);
    const { now, clock, frozen, idle } = (await act(client, value)) as Record<string, unknown>;
    data({ now, clock, frozen, idle });
    const still = clock === "virtual" ? `virtual, ${frozen === true ? "stands still" : "passes"}` : "system";
    say(`${String(now)} (${still}${idle === false ? "; something has not ended" : ""})`);
  },
});

function needValue(example: string, value: string | undefined): string {
  if (value === undefined) throw new CommandError(`Which time? \`opik-local clock ${example}\`.`, EXIT.usage);
  return value;
}
