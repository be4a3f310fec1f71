import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Config } from "../../src/config.ts";
import { settingEntries, type SettingName } from "../../src/settings.ts";

/** A server that a command has started. */
export interface StartedServer {
  /** Without a slash at its end. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server with settings of its own and waits for its URL.
 * @param command run by the shell in a process group of its own; prints a line with the URL of the server
 * @param variables environment variables for it
 * @throws Error when it ends without having printed a URL
 */
export async function startServer(
  command: string,
  variables: Readonly<Record<string, string>>,
): Promise<StartedServer> {
  const child = spawn(command, {
    shell: true,
    detached: true,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await urlPrintedBy(child);
  return {
    url,
    stop: async () => {
      const ended = once(child, "exit");
      // The whole group: the shell and what it has started.
      process.kill(-child.pid!, "SIGTERM");
      await ended;
    },
  };
}

async function urlPrintedBy(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /https?:\/\/[^\s"']+/.exec(line)?.[0];
    if (url === undefined) continue;
    // What it prints later must not fill the pipe.
    child.stdout!.resume();
    return url.replace(/\/$/, "");
  }
  throw new Error("OPIK_LOCAL_CONFORMANCE_START ended without having printed a URL");
}

/**
 * The environment variables that give a server of any make these settings.
 * @returns `undefined` when one of them is a setting of opik-local alone, which no real server has
 */
export function variablesOf(settings: Partial<Config> = {}): Record<string, string> | undefined {
  const variables: Record<string, string> = {};
  for (const [name, setting] of settingEntries()) {
    const value = (settings as Partial<Record<SettingName, unknown>>)[name];
    if (value === undefined) continue;
    if (setting.env.startsWith("OPIK_LOCAL_")) return undefined;
    variables[setting.env] = setting.format(value);
  }
  return variables;
}
