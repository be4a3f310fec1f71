import type { FaultList } from "../../client/faults.ts";
import { didYouMean } from "../../core/did-you-mean.ts";
import { columnsOf } from "../console/layout.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb, type Work } from "../verb.ts";
import { wrapAfter } from "../wrap.ts";

/** `opik-local faults`: lists, adds and removes faults. */
export const faultsVerb = defineVerb({
  name: "faults",
  description: "List the faults that are injected into requests, add one, or remove them",
  words: {
    hint: "preset or rule",
    description: "A preset, or a rule as JSON, to add; default: list the faults and the presets",
  },
  flags: {
    remove: { type: "string", valueHint: "id", description: "Remove this fault" },
    clear: { type: "boolean", description: "Remove all faults" },
  },
  run: async ({ client, flags, words: [added], terminal, say, data }) => {
    const removed = flags["remove"];
    if (flags["clear"] === true) await client.faults.clear();
    else if (typeof removed === "string") await client.faults.remove(removed);
    else if (added?.startsWith("{")) await client.faults.add(readRule(added));
    else if (added !== undefined) await addPreset(client, added);
    const list = await client.faults.list();
    data(list);
    say(describeFaults(list, columnsOf(terminal.stdout)));
  },
});

/** @throws CommandError for a preset that does not exist */
async function addPreset({ faults }: Work["client"], preset: string): Promise<void> {
  const names = Object.keys((await faults.list()).presets);
  if (names.includes(preset)) return void (await faults.add({ preset }));
  const hint = didYouMean(preset, names) || ` The presets are ${names.join(", ")}.`;
  throw new CommandError(`There is no preset ${preset}.${hint}`, EXIT.usage);
}

function describeFaults({ faults, presets }: FaultList, columns: number | undefined): string {
  if (faults.length === 0) {
    const lines = Object.entries(presets).flatMap(([name, description]) => [
      `  ${name}`,
      wrapAfter("    ", description, columns),
    ]);
    return ["no faults; `opik-local faults PRESET` adds one of", ...lines].join("\n");
  }
  return faults
    .map(
      ({ id, rule, matched, applied }) =>
        `${id}  ${JSON.stringify(rule)}  applied to ${applied} of ${matched} requests`,
    )
    .join("\n");
}

function readRule(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${text} is not JSON.`, EXIT.usage);
  }
}
