import { resolve } from "node:path";
import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { fixtureText, writeFixtureFile } from "../fixture-file.ts";
import { readLocalApi } from "../local-api.ts";
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
    const project = args["project"];
    const query = typeof project === "string" ? `?project=${encodeURIComponent(project)}` : "";
    const json = await readLocalApi(await findServer(args, terminal), `/fixtures${query}`, terminal);
    const format = args["json"] ? "json" : "yaml";
    const output = args["output"];
    if (typeof output !== "string") {
      await printSlices(terminal.stdout, fixtureText(json, format, new Map()));
      return;
    }
    const counts = await writeFixtureFile(resolve(terminal.folder, output), json, format);
    print(terminal.stdout, `${output}: ${counts} written`);
  },
});
