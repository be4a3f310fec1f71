import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import * as v from "valibot";
import { RefusedError } from "../../client/call.ts";
import { OpikLocalClient } from "../../client/client.ts";
import { SystemClock } from "../../core/clock.ts";
import { isRunning } from "../../core/running-process.ts";
import { withFullStop } from "../../core/sentence.ts";
import { CommandError, EXIT } from "../failures.ts";
import { print, printData } from "../print.ts";
import { askServer, findServer, type RunningServer, serverFlags } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = {
  "ready-file": { type: "string", valueHint: "file", description: "The server that has written this ready file" },
  port: { type: "string", valueHint: "number", description: "The server on this port of this machine" },
  db: { type: "string", valueHint: "file", description: "The server that uses this database file" },
  ...serverFlags(),
  json: { type: "boolean", description: "Write JSON" },
};

/** How long a server may take to stop: it lets running requests end for half a second. */
const TIMEOUT_MS = 5_000;
const CHECK_INTERVAL_MS = 50;

const readyFile = v.object({ url: v.string(), pid: v.number() });

/** `opik-local stop`: stops a server and waits until it has stopped. */
export const stopCommand: CommandDef = defineCommand({
  meta: { name: "stop", description: "Stop a running server" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const pid =
      typeof args["db"] === "string" ? await stopHolder(args["db"], terminal) : await stopByUrl(args, terminal);
    if (!(await hasEnded(pid)))
      throw new CommandError(
        `The server (process ${pid}) has not stopped within ${TIMEOUT_MS / 1000} s: kill -9 ${pid} ends it.`,
      );
    if (args["json"] === true) printData(terminal.stdout, JSON.stringify({ pid }));
    else print(terminal.stdout, `The server (process ${pid}) has stopped.`);
  },
});

async function stopByUrl(args: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<number> {
  const server = await findServer({ ...args, url: args["url"] ?? urlOf(args, terminal) }, terminal);
  const client = new OpikLocalClient((path, init) => askServer(server, path, terminal, init));
  try {
    return (await client.stop()).pid;
  } catch (error) {
    throw error instanceof RefusedError ? refusal(server, error) : error;
  }
}

function refusal({ url }: RunningServer, { message }: RefusedError): CommandError {
  return new CommandError(withFullStop(`The server at ${url} does not stop: ${message}`));
}

/** The address that the ready file or the port names, if one is given. */
function urlOf(args: Readonly<Record<string, unknown>>, { folder }: Terminal): string | undefined {
  const path = args["ready-file"];
  if (typeof path === "string") return readReadyFile(resolve(folder, path)).url;
  const port = args["port"];
  if (port === undefined) return undefined;
  if (!/^\d{1,5}$/.test(String(port)))
    throw new CommandError(`--port is "${String(port)}", but should be a number.`, EXIT.usage);
  return `http://127.0.0.1:${String(port)}`;
}

function readReadyFile(path: string): v.InferOutput<typeof readyFile> {
  try {
    return v.parse(readyFile, JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new CommandError(`There is no ready file ${path}: no server that was started with it is ready.`);
  }
}

/** Sends the process that uses a database file the signal to stop. @returns its id */
async function stopHolder(database: string, { folder }: Terminal): Promise<number> {
  const { findHolder } = await import("../../database/lock.ts");
  const path = resolve(folder, database);
  const holder = findHolder(path);
  if (holder === undefined) throw new CommandError(`No server uses the database ${path}.`);
  process.kill(holder.pid, "SIGTERM");
  return holder.pid;
}

async function hasEnded(pid: number): Promise<boolean> {
  // Nothing else keeps the process alive meanwhile.
  const clock = new SystemClock({ keepsAlive: true });
  for (let waitedMs = 0; waitedMs < TIMEOUT_MS; waitedMs += CHECK_INTERVAL_MS) {
    if (!isRunning(pid)) return true;
    await new Promise<void>((resolve) => clock.schedule(CHECK_INTERVAL_MS, resolve));
  }
  return !isRunning(pid);
}
