import type { ArgsDef } from "citty";
import { describeDuration } from "../core/durations.ts";
import { CommandError, EXIT } from "./failures.ts";
import { loadSettings, settingFlags } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

/** Longer than a server thinks about anything but fixtures. */
const ANSWER_TIMEOUT_MS = 5_000;

/** A request to a running server. */
export interface ServerRequest extends RequestInit {
  /** How long the server may think about it, in milliseconds; default 5 s. */
  timeoutMs?: number;
}

/** Flags of the commands that talk to a running server. */
export function serverFlags(): ArgsDef {
  const { config = {} } = settingFlags();
  return {
    url: {
      type: "string",
      valueHint: "url",
      description: "Address of the server (OPIK_URL_OVERRIDE, else host and port of the settings)",
    },
    config,
  };
}

/**
 * Which server is meant: the flag, else the variable that people paste for Opik's SDKs, else the settings.
 * @returns its URL without a path
 * @throws CommandError for a URL that is none
 */
export async function serverUrl(given: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<string> {
  const named = given["url"] ?? terminal.environment["OPIK_URL_OVERRIDE"];
  if (typeof named === "string" && named !== "") {
    if (!URL.canParse(named))
      throw new CommandError(`"${named}" is not a URL such as http://127.0.0.1:5173.`, EXIT.usage);
    return new URL(named).origin;
  }
  const { config } = await loadSettings({ config: given["config"] }, terminal);
  return `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${config.port}`;
}

/**
 * Asks a running server for one of its own pages.
 * @throws CommandError when no server answers there, or not in time, or one that is no opik-local
 */
export async function askServer(
  url: string,
  path: string,
  terminal: Terminal,
  { timeoutMs = ANSWER_TIMEOUT_MS, ...request }: ServerRequest = {},
): Promise<Response> {
  const headers = new Headers(request.headers);
  const apiKey = terminal.environment["OPIK_API_KEY"];
  if (apiKey) headers.set("authorization", apiKey);
  const tooLate = new AbortController();
  const timer = terminal.clock.schedule(timeoutMs, () => tooLate.abort());
  try {
    const response = await fetch(url + path, { ...request, headers, signal: tooLate.signal });
    if (response.status === 404) throw new CommandError(`The server at ${url} is no opik-local of this version.`);
    return response;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (tooLate.signal.aborted)
      throw new CommandError(`The server at ${url} has not answered for ${describeDuration(timeoutMs)}.`);
    throw new CommandError(
      `No server answers at ${url}. Start one with \`opik-local dev\`, or name its address with --url.`,
    );
  } finally {
    timer.cancel();
  }
}
