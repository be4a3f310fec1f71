import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { readFixtureFiles } from "../../fixtures/load/files.ts";
import type { LoadSummary } from "../../fixtures/load/loader.ts";
import { describeSummary } from "../../fixtures/summary.ts";
import { CommandError, EXIT } from "../failures.ts";
import { askLocalApi } from "../local-api.ts";
import { print, printData } from "../print.ts";
import { findServer, serverFlags } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = {
  path: {
    type: "positional",
    required: false,
    valueHint: "path...",
    description: "Fixture files, folders of them, or example:demo, which ships with opik-local",
  },
  ...serverFlags(),
  json: { type: "boolean", description: "Write JSON" },
};

const NO_PATH =
  "Which fixtures? Name files or folders, or an example: `opik-local seed example:demo`. See `opik-local seed --help`.";

/** `opik-local seed`: loads fixtures into a running server. */
export const seedCommand: CommandDef = defineCommand({
  meta: { name: "seed", description: "Load fixtures into a running server" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const paths = args._;
    if (paths.length === 0) throw new CommandError(NO_PATH, EXIT.usage);
    const files = readFixtureFiles(paths, terminal.folder);
    const server = await findServer(args, terminal);
    const text = await askLocalApi(server, "/fixtures", terminal, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files }),
    });
    const summary = `${server.url}: ${describeSummary(JSON.parse(text) as LoadSummary)}`;
    if (args["json"]) printData(terminal.stdout, text);
    else print(terminal.stdout, summary);
  },
});
