import type { ArgsDef } from "citty";
import { describeDuration } from "../core/durations.ts";
import { authorizationOf } from "../http/authorization.ts";
import { CommandError, EXIT } from "./failures.ts";
import { readServerFile } from "./server-file.ts";
import { loadSettings, settingFlags } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

/** Longer than a server takes for any request but fixtures. */
const ANSWER_TIMEOUT_MS = 5_000;

/** What names a server when nothing else does. */
export const BY_SETTINGS = "the port of the settings";

/** Where a server should run. */
export interface RunningServer {
  /** Without a path. */
  url: string;
  /** The API key for requests; `undefined` when none is configured. */
  apiKey: string | undefined;
  /** What named it: `OPIK_LOCAL_URL`. */
  foundBy: string;
}

/** A request to a running server. */
export interface ServerRequest extends RequestInit {
  /** How long the server may take, in milliseconds; default 5 s. */
  timeoutMs?: number;
}

/** Flags of the commands that talk to a running server. */
export function serverFlags(): ArgsDef {
  const { config = {} } = settingFlags();
  return {
    url: {
      type: "string",
      valueHint: "url",
      description:
        "Address of the server (OPIK_LOCAL_URL, else the one of this folder, else OPIK_URL_OVERRIDE, else the settings)",
    },
    "api-key": {
      type: "string",
      valueHint: "key",
      description: "Its key, when it asks for one (OPIK_API_KEY, else the one of the settings)",
    },
    config,
  };
}

/**
 * Which server is meant: by the flag, else by `OPIK_LOCAL_URL`, else the one that `dev` runs in this folder, else by the
 * variable that people set for Opik's SDKs, else by the settings.
 * @throws CommandError for an invalid URL
 * @throws ConfigurationError when the settings are wrong
 */
export async function findServer(given: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<RunningServer> {
  const { environment } = terminal;
  const { config } = await loadSettings(
    { config: given["config"], host: given["host"], port: given["port"] },
    terminal,
  );
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const candidates: Array<[foundBy: string, url: string | undefined]> = [
    ["--url", textOf(given["url"])],
    ["OPIK_LOCAL_URL", textOf(environment["OPIK_LOCAL_URL"])],
    ["the server of this folder", readServerFile(terminal.folder)?.url],
    ["OPIK_URL_OVERRIDE", textOf(environment["OPIK_URL_OVERRIDE"])],
  ];
  const [foundBy, named] = candidates.find(([, url]) => url !== undefined) ?? [BY_SETTINGS];
  if (named !== undefined && !URL.canParse(named))
    throw new CommandError(`"${named}" is not a URL such as http://127.0.0.1:5173.`, EXIT.usage);
  return {
    url: named === undefined ? `http://${host}:${config.port}` : new URL(named).origin,
    apiKey: textOf(given["api-key"]) ?? textOf(environment["OPIK_API_KEY"]) ?? config.apiKey,
    foundBy,
  };
}

/** An empty variable counts as unset. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Sends a request to a running server.
 * @throws CommandError when no server answers there in time, when it is not opik-local, or when it requires a key
 */
export async function askServer(
  { url, apiKey }: RunningServer,
  path: string,
  terminal: Terminal,
  { timeoutMs = ANSWER_TIMEOUT_MS, ...request }: ServerRequest = {},
): Promise<Response> {
  const headers = new Headers(request.headers);
  if (apiKey !== undefined) headers.set("authorization", authorizationOf(path, apiKey));
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = terminal.clock.schedule(timeoutMs, end);
  request.signal?.addEventListener("abort", end, { once: true });
  try {
    const response = await fetch(url + path, { ...request, headers, signal: ended.signal });
    if (response.status === 404 && path.startsWith("/__local") && !(await isOwnRefusal(response.clone())))
      throw new CommandError(`The server at ${url} is not an opik-local of this version.`);
    if (response.status === 401) {
      const wanted = apiKey === undefined ? "an API key" : "another API key";
      throw new CommandError(`The server at ${url} wants ${wanted}: set OPIK_API_KEY.`);
    }
    return response;
  } catch (error) {
    if (error instanceof CommandError || request.signal?.aborted) throw error;
    if (ended.signal.aborted)
      throw new CommandError(`The server at ${url} has not answered for ${describeDuration(timeoutMs)}.`);
    throw new CommandError(
      `No server answers at ${url}. Start one with \`opik-local dev\`, or name its address with --url.`,
    );
  } finally {
    timer.cancel();
    request.signal?.removeEventListener("abort", end);
  }
}

/** What a route that does not exist is answered with. */
const NO_ROUTE = "HTTP 404 Not Found";

/** Whether an answer under `/__local` says that something does not exist, and not that there is no such route. */
async function isOwnRefusal(response: Response): Promise<boolean> {
  try {
    const { error } = (await response.json()) as { error?: { message?: unknown } };
    return typeof error?.message === "string" && error.message !== NO_ROUTE;
  } catch {
    return false;
  }
}
