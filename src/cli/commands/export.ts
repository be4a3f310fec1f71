import { resolve } from "node:path";
import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { EntryCutter } from "../../fixtures/export/entries.ts";
import { YamlEntries } from "../../fixtures/export/yaml.ts";
import { describeCounts } from "../../fixtures/summary.ts";
import { CommandError } from "../failures.ts";
import { readLocalApi } from "../local-api.ts";
import { print, printSlices } from "../print.ts";
import { findServer, serverFlags } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";
import { writeSlices } from "../whole-file.ts";

const args: ArgsDef = {
  project: { type: "string", valueHint: "name", description: "Only this project (name or id)" },
  output: { type: "string", alias: "o", valueHint: "file", description: "File to write, instead of the terminal" },
  ...serverFlags(),
  json: { type: "boolean", description: "Write JSON instead of YAML" },
};

/** `opik-local export`: writes a running server's state as a fixture, slice by slice as it comes in. */
export const exportCommand: CommandDef = defineCommand({
  meta: { name: "export", description: "Write a running server's state as a fixture" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const project = args["project"];
    const query = typeof project === "string" ? `?project=${encodeURIComponent(project)}` : "";
    const json = await readLocalApi(await findServer(args, terminal), `/fixtures${query}`, terminal);
    const counts = new Map<string, number>();
    const yaml = args["json"] ? undefined : new YamlEntries(" Written by `opik-local export`.");
    const text = textOf(json, yaml, counts);
    const output = args["output"];
    if (typeof output !== "string") {
      await printSlices(terminal.stdout, text);
      return;
    }
    await writeWhole(resolve(terminal.folder, output), text);
    print(terminal.stdout, `${output}: ${describeCounts(Object.fromEntries(counts)) || "nothing"} written`);
  },
});

/**
 * What is to be written of a fixture, from its own text and not from what JavaScript would make of it: 1.0 is to stay
 * 1.0.
 * @param yaml writes its entries; without it the text is written as it is
 * @param counts takes how many entries each list has
 */
async function* textOf(
  json: AsyncIterable<string>,
  yaml: YamlEntries | undefined,
  counts: Map<string, number>,
): AsyncGenerator<string, void> {
  const cutter = new EntryCutter();
  for await (const slice of json) {
    const entries = [...cutter.cut(slice)];
    for (const { section, entry } of entries) {
      if (entry !== undefined) counts.set(section, (counts.get(section) ?? 0) + 1);
    }
    yield yaml === undefined ? slice : entries.map((entry) => yaml.write(entry)).join("");
  }
  if (yaml === undefined) yield "\n";
}

async function writeWhole(path: string, text: AsyncIterable<string>): Promise<void> {
  try {
    await writeSlices(path, text, 0o666);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
