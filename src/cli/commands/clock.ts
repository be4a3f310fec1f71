import type { OpikLocalClient } from "../../client/client.ts";
import { parseDuration } from "../../core/durations.ts";
import { lookUp } from "../../core/look-up.ts";
import { parseTimestamp } from "../../core/timestamps.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";

/** What the first word does; the second is its value. */
export const ACTIONS: Readonly<
  Record<string, (client: OpikLocalClient, value: string | undefined, settle: boolean) => Promise<object>>
> = {
  advance: (client, value, settle) => client.advance(needDuration("advance", value), settle),
  set: (client, value, settle) => client.setClock(needTime(value), settle),
  resume: (client) => client.moveClock("resume"),
  freeze: (client) => client.moveClock("freeze"),
  "run-until-idle": (client, value, settle) =>
    client.runUntilIdle(value === undefined ? undefined : needDuration("run-until-idle", value), settle),
};

/** `opik-local clock`: shows the time of a server, or moves its virtual clock. */
export const clockVerb = defineVerb({
  name: "clock",
  description: "Show the time of a server, or move its virtual clock",
  words: {
    hint: "action [value]",
    description: "advance 16s, set 2026-01-02T00:00:00Z, resume, freeze or run-until-idle [1h]; default: show the time",
  },
  flags: {
    settle: { type: "boolean", description: "Keep agents that poll connected, and wait until they poll again" },
  },
  run: async ({ client, flags, words: [action, value], say, data }) => {
    const act = action === undefined ? () => client.clock() : lookUp(ACTIONS, action);
    if (act === undefined)
      throw new CommandError(`There is no ${action}: ${Object.keys(ACTIONS).join(", ")}.`, EXIT.usage);
    const { now, clock, frozen, idle } = (await act(client, value, flags["settle"] === true)) as Record<
      string,
      unknown
    >;
    data({ now, clock, frozen, idle });
    const still = clock === "virtual" ? `virtual, ${frozen === true ? "stands still" : "passes"}` : "system";
    say(`${String(now)} (${still}${idle === false ? "; something has not ended" : ""})`);
  },
});

/** @throws CommandError for what is no duration */
function needDuration(action: string, value: string | undefined): string {
  return needValue(value, `${action} 16s`, "a duration such as 16s or 5m", (text) => parseDuration(text) !== undefined);
}

/** @throws CommandError for what is no time */
function needTime(value: string | undefined): string {
  const example = "2026-01-02T00:00:00Z";
  return needValue(value, `set ${example}`, `a time such as ${example}`, (text) => parseTimestamp(text) !== undefined);
}

function needValue(
  value: string | undefined,
  example: string,
  expected: string,
  isValid: (text: string) => boolean,
): string {
  if (value === undefined) throw new CommandError(`Which time? \`opik-local clock ${example}\`.`, EXIT.usage);
  if (!isValid(value)) throw new CommandError(`"${value}" is not ${expected}.`, EXIT.usage);
  return value;
}
