import { CONTROL_HEADER } from "../../admin/route.ts";
import type { State } from "../../admin/schema.ts";
import { VERSION } from "../../version.ts";
import { isLoopback } from "../commands/dev/bind.ts";
import { CommandError } from "../failures.ts";
import { askServer, type RunningServer } from "../running-server.ts";
import type { Terminal } from "../terminal.ts";
import { type Check, note, ok, problem } from "./check.ts";
import type { SdkSettings } from "./sdk-settings.ts";

const SERVER = "server";
const CONNECTION = "connection";

/** How long a server may take to answer as one of Opik, in milliseconds. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** What was found out about the server of this folder. */
interface ServerCheck {
  check: Check;
  /** Where it listens; `undefined` when none answers. */
  url: string | undefined;
}

/** The server that commands of this folder talk to. @param isNamed whether the user has named it */
export async function checkServer(server: RunningServer, isNamed: boolean, terminal: Terminal): Promise<ServerCheck> {
  const { url, foundBy } = server;
  try {
    const { status, ...response } = await ask(server, terminal);
    if (status !== 200)
      return { check: problem(SERVER, `${url} (${foundBy}) answers ${status}`, "Look at its console."), url };
    const found = `opik-local ${response.version} answers at ${url} (${foundBy})`;
    const isSame = response.version === VERSION;
    return { check: isSame ? ok(SERVER, found) : note(SERVER, found, `Start it again: this is ${VERSION}.`), url };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const isMissing = error.message.startsWith("No server answers");
    const { found, advice } = splitAdvice(error.message);
    return { check: (isMissing && !isNamed ? note : problem)(SERVER, `${found} (${foundBy})`, advice), url: undefined };
  }
}

/** @throws CommandError when no server of ours answers */
async function ask(server: RunningServer, terminal: Terminal): Promise<{ status: number; version?: string }> {
  const response = await askServer(server, "/__local/state", terminal);
  return { status: response.status, ...(response.ok ? ((await response.json()) as State) : {}) };
}

/** `It is so. Do that.` or `It is so: do that.` */
function splitAdvice(message: string): { found: string; advice: string } {
  const [, found = message, advice = "name another address with --url."] = /^(.*?)[.:] (.*)$/.exec(message) ?? [];
  return { found: found.replace(/\.$/, ""), advice: advice.charAt(0).toUpperCase() + advice.slice(1) };
}

/**
 * Sends a request as Opik's SDKs would in this environment. Only servers of this machine are tried.
 * @param ours where the server of this folder listens; `undefined` when none does
 */
export async function checkConnection(sdk: SdkSettings, ours: string | undefined, terminal: Terminal): Promise<Check> {
  const from = sdk.urlFrom ?? "the default of the SDKs";
  const target = ours ?? "http://127.0.0.1:5173";
  const advice = `export OPIK_URL_OVERRIDE=${target}/api, or start the program with \`opik-local exec -- ...\`.`;
  if (!URL.canParse(sdk.url)) return problem(CONNECTION, `"${sdk.url}" (${from}) is not a URL`, advice);
  const { hostname, origin } = new URL(sdk.url);
  if (!isLoopback(hostname.replaceAll(/[[\]]/g, "")))
    return note(CONNECTION, `SDKs send to ${sdk.url} (${from}), which is not this machine, and was not tried`, advice);
  const failure = await tryConnection(sdk, terminal);
  if (failure !== undefined) return problem(CONNECTION, `${sdk.url} (${from}) ${failure}`, advice);
  const found = `${sdk.url} (${from}) answers SDKs`;
  const isSame = ours === undefined || origin === ours || new URL(ours).port === new URL(origin).port;
  return isSame ? ok(CONNECTION, found) : note(CONNECTION, `${found}, but is not the server of this folder`, advice);
}

/** @returns what is wrong; `undefined` when the server answers as it should */
async function tryConnection(
  { url, workspace, apiKey }: SdkSettings,
  { clock }: Terminal,
): Promise<string | undefined> {
  const tooLate = new AbortController();
  const timer = clock.schedule(CONNECTION_TIMEOUT_MS, () => tooLate.abort());
  const key = apiKey === undefined ? {} : { authorization: apiKey };
  const headers = { ...key, "comet-workspace": workspace, [CONTROL_HEADER]: "true" };
  try {
    const { status } = await fetch(`${url}/v1/private/projects?size=1`, { headers, signal: tooLate.signal });
    if (status === 401 || status === 403) return `refuses the key of the SDKs (${status}): set OPIK_API_KEY`;
    return status === 200 ? undefined : `answers ${status} to a list of projects of the workspace ${workspace}`;
  } catch {
    return "does not answer";
  } finally {
    timer.cancel();
  }
}
