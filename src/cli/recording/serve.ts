import { resolve } from "node:path";
import type { H3 } from "h3";
import { createBind } from "../commands/dev/bind.ts";
import { ReadyFile } from "../commands/dev/ready-file.ts";
import { StopSignals } from "../commands/dev/stop-signals.ts";
import { CommandError, EXIT } from "../failures.ts";
import type { Terminal } from "../terminal.ts";

/** How long answers may go on when the server stops, in milliseconds. */
const GRACE_MS = 500;
const HOST = "127.0.0.1";
const HIGHEST_PORT = 65_535;

/** Flags of commands that serve until they are stopped. */
export const servingFlags = {
  port: { type: "string", valueHint: "port", default: "5173", description: "Port to listen on; 0 takes any free one" },
  "ready-file": { type: "string", valueHint: "path", description: "File to write when ready, for scripts that wait" },
} as const;

/**
 * Serves an app on loopback until a signal comes.
 * @param said makes the line that is printed when it is ready
 * @param stopping is called with the signal, before answers under way are waited for
 * @throws CommandError when the port cannot be had
 */
export async function serveUntilStopped(
  app: H3,
  flags: Readonly<Record<string, unknown>>,
  terminal: Terminal,
  { said, stopping }: { said: (url: string) => string; stopping: () => void },
): Promise<void> {
  const path = flags["ready-file"];
  const readyFile = typeof path === "string" ? new ReadyFile(resolve(terminal.folder, path)) : undefined;
  const signals = new StopSignals(terminal);
  try {
    const bind = createBind({ mayMove: false, onMoved: () => {} });
    const listener = await bind(app, HOST, readPort(String(flags["port"])));
    readyFile?.write(JSON.stringify({ event: "ready", url: listener.url, pid: process.pid }));
    terminal.stdout.write(`${said(listener.url)}\n`);
    await signals.requested;
    stopping();
    await listener.close(GRACE_MS);
  } finally {
    readyFile?.remove();
    signals.dispose();
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= HIGHEST_PORT) return port;
  throw new CommandError(`--port must be a number from 0 to ${HIGHEST_PORT}, but is ${text}.`, EXIT.usage);
}
