import { resolve } from "node:path";
import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { RawJson } from "../../core/json.ts";
import { toYaml } from "../../fixtures/format/format.ts";
import { describeCounts } from "../../fixtures/summary.ts";
import { CommandError } from "../failures.ts";
import { askLocalApi } from "../local-api.ts";
import { print, printData } from "../print.ts";
import { findServer, serverFlags } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";
import { writeWholeFile } from "../whole-file.ts";

const args: ArgsDef = {
  project: { type: "string", valueHint: "name", description: "Only this project (name or id)" },
  output: { type: "string", alias: "o", valueHint: "file", description: "File to write, instead of the terminal" },
  ...serverFlags(),
  json: { type: "boolean", description: "Write JSON instead of YAML" },
};

/** `opik-local export`: writes a running server's state as a fixture. */
export const exportCommand: CommandDef = defineCommand({
  meta: { name: "export", description: "Write a running server's state as a fixture" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const project = args["project"];
    const query = typeof project === "string" ? `?project=${encodeURIComponent(project)}` : "";
    const json = await askLocalApi(await findServer(args, terminal), `/fixtures${query}`, terminal);
    // The text of the answer, and not what JavaScript would make of it: 1.0 is to stay 1.0.
    const text = args["json"] ? `${json}\n` : toYaml(new RawJson(json), " Written by `opik-local export`.");
    const output = args["output"];
    if (typeof output !== "string") {
      printData(terminal.stdout, text);
      return;
    }
    writeWhole(resolve(terminal.folder, output), text);
    print(terminal.stdout, `${output}: ${describeContents(json) || "nothing"} written`);
  },
});

/** @param json a fixture */
function describeContents(json: string): string {
  const lists = Object.entries(JSON.parse(json) as Record<string, unknown>).filter(([, list]) => Array.isArray(list));
  return describeCounts(Object.fromEntries(lists.map(([section, list]) => [section, (list as unknown[]).length])));
}

function writeWhole(path: string, text: string): void {
  try {
    writeWholeFile(path, text, 0o666);
  } catch (error) {
    throw new CommandError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
