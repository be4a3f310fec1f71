import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { fixtureText, writeFixtureFile } from "../fixture-file.ts";
import { readLocalApi } from "../local-api.ts";
import { outputFile } from "../output-file.ts";
import { print, printSlices } from "../print.ts";
import { findServer, serverFlags } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";

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
    const output = outputFile(args["output"], "--output", terminal.folder);
    const project = args["project"];
    const query = typeof project === "string" ? `?project=${encodeURIComponent(project)}` : "";
    const json = await readLocalApi(await findServer(args, terminal), `/fixtures${query}`, terminal);
    const format = args["json"] ? "json" : "yaml";
    if (output === undefined) {
      await printSlices(terminal.stdout, fixtureText(json, format, new Map()));
      return;
    }
    const counts = await writeFixtureFile(output, json, format);
    print(terminal.stdout, `${String(args["output"])}: ${counts} written`);
  },
});
