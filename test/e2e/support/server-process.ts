import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { freePort } from "../../support/free-port.ts";
import { executable } from "./executable.ts";

/** The built executable in a process of its own, as people run it. */
export interface ServerProcess {
  url: string;
  port: number;
  /** Ends it as Ctrl-C does. */
  interrupt(): Promise<void>;
  /** Ends it as a service manager does. */
  terminate(): Promise<void>;
  /** Ends it as the operating system does when it has to: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
}

/**
 * Starts a server; it is killed at the latest when the test ends.
 * @param database a file, or `:memory:`
 * @param port default one that stays free between two starts; a server that is started again takes the port of the one before
 * @param settings environment variables beside those of the test
 * @param program the command that is opik-local
 */
export async function startServerProcess(
  database: string,
  port?: number,
  settings: Readonly<Record<string, string>> = {},
  program: [command: string, ...args: string[]] = executable(),
): Promise<ServerProcess> {
  const options = ["--port", String(port ?? (await freePort())), "--db", database, "--json", "--quiet"];
  const [command, ...args] = program;
  const child = spawn(command, [...args, "dev", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    // An agent needs longer on a busy machine until it sends its first heartbeat.
    env: { ...process.env, OPIK_RUNNER_HEARTBEAT_TTL: "10m", ...settings },
  });
  const exited = once(child, "exit");
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  onTestFinished(() => end("SIGKILL"));
  const { url } = await readyLine(child);
  // The rest is not read, and a full pipe would stop the server.
  child.stdout.resume();
  return {
    url,
    port: Number(new URL(url).port),
    interrupt: () => end("SIGINT"),
    terminate: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/**
 * Waits for the line that says where a server is.
 * @throws Error when the process ends without one
 */
async function readyLine(child: ChildProcess): Promise<{ url: string }> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const said = JSON.parse(line) as { event: string; url: string };
    if (said.event === "ready") return said;
  }
  throw new Error("the server ended without a ready line");
}
