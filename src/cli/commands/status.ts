import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import * as v from "valibot";
import { type State, state } from "../../admin/schema.ts";
import { columnsOf } from "../console/layout.ts";
import { CommandError } from "../failures.ts";
import { print, printData } from "../print.ts";
import { askServer, findServer, serverFlags } from "../running-server.ts";
import { describeState } from "../status-view.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = { ...serverFlags(), json: { type: "boolean", description: "Write JSON" } };

/** `opik-local status`: what a running server has. */
export const statusCommand: CommandDef = defineCommand({
  meta: { name: "status", description: "Show what a running server has" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const server = await findServer(args, terminal);
    const { url } = server;
    const response = await askServer(server, "/__local/state", terminal);
    if (!response.ok)
      throw new CommandError(`The server at ${url} answers ${response.status}: ${await response.text()}`);
    const text = await response.text();
    if (args["json"]) printData(terminal.stdout, text);
    else print(terminal.stdout, describeState(readState(text, url), url, columnsOf(terminal.stdout)));
  },
});

/** @throws CommandError for what a server of another version says, or one that is no opik-local */
function readState(text: string, url: string): State {
  try {
    return v.parse(state, JSON.parse(text));
  } catch {
    throw new CommandError(`The server at ${url} is not an opik-local of this version; --json shows what it says.`);
  }
}
