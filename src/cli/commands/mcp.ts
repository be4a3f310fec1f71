import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { type CommandDef, defineCommand } from "citty";
import { OpikLocalClient } from "../../client/client.ts";
import { createMcpServer } from "../../client/mcp/server.ts";
import { print } from "../print.ts";
import { askServer, findServer, serverFlags } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";
import { StopSignals } from "./dev/stop-signals.ts";

/**
 * `opik-local mcp`: serves the Model Context Protocol on the standard input and output, for coding agents. Each call
 * looks for the running server, because coding agents start this command before there is one.
 */
export const mcpCommand: CommandDef = defineCommand({
  meta: {
    name: "mcp",
    description: "Serve the Model Context Protocol for coding agents",
  },
  args: serverFlags(),
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const client = new OpikLocalClient(async (path, init, timeoutMs) =>
      askServer(
        await findServer(args, terminal),
        path,
        terminal,
        timeoutMs === undefined ? init : { ...init, timeoutMs },
      ),
    );
    const { stdin = process.stdin, stdout, stderr } = terminal;
    const signals = new StopSignals(terminal);
    const connection = serveStdio(() => createMcpServer(client), {
      transport: new StdioServerTransport(stdin, stdout),
      onerror: (error) => print(stderr, error.message),
    });
    // The client ends the connection by closing the input.
    stdin.once("close", signals.request).once("end", signals.request);
    try {
      await signals.requested;
      await connection.close();
    } finally {
      signals.dispose();
    }
  },
});
