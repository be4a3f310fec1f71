import { relative } from "node:path";
import { ANY_KEY } from "../../../client/environment.ts";
import type { Config } from "../../../config.ts";
import { isAdvanceable } from "../../../core/advanceable-clock.ts";
import type { Clock } from "../../../core/clock.ts";
import { VERSION } from "../../../version.ts";
import type { Paint } from "../../console/log.ts";
import { isLoopback } from "./bind.ts";

export interface BannerOptions {
  url: string;
  /** The same server, as others on the network reach it. */
  networkUrls: readonly string[];
  config: Config;
  clock: Clock;
  folder: string;
  paint: Paint;
}

/** The lines that a server prints when it has started. */
export function banner({ url, networkUrls, config, clock, folder, paint }: BannerOptions): string {
  const facts: Array<[string, string]> = [
    ["URL", paint("cyan", url)],
    ...networkUrls.map((url): [string, string] => ["Network", paint("cyan", url)]),
    ["Data", describeDatabase(config.database, folder)],
    ...(isAdvanceable(clock) ? [["Clock", describeVirtualClock(clock)] as [string, string]] : []),
  ];
  const lines = [
    "",
    `${paint("bold", "opik-local")} ${VERSION}`,
    "",
    ...facts.map(([name, value]) => `${name.padEnd(8)} ${value}`),
    "",
    "Paste this into a shell to point Opik's SDKs here:",
    "",
    ...shellLines(url, config).map((line) => `  ${paint("green", line)}`),
    "",
    ...(isLoopback(config.host) || config.apiKey !== undefined ? [] : [paint("yellow", NETWORK_WARNING), ""]),
    paint("dim", "Ctrl-C stops the server."),
    "",
  ];
  return lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n");
}

const NETWORK_WARNING =
  "Careful: everybody on your network can reach this server, and run commands\n  on the machines whose runners are connected to it. --api-key keeps them out.";

function describeVirtualClock(clock: Clock): string {
  return `virtual, at ${new Date(clock.now()).toISOString()} until opik-local clock advance`;
}

function describeDatabase(database: string, folder: string): string {
  if (database === ":memory:") return "in memory; it is gone when the server stops";
  const path = relative(folder, database);
  return path.startsWith("..") ? database : path;
}

/** The variables that Opik's SDKs read; a saved configuration may name another server and workspace. */
function shellLines(url: string, { workspaces, apiKey }: Config): string[] {
  const [first = "default"] = workspaces;
  const variables = [
    ["OPIK_URL_OVERRIDE", `${url}/api`],
    ["OPIK_WORKSPACE", first === "any" ? "default" : first],
    // Without a key Opik's command line runs its own set-up first, and its SDKs send the key of the user's account.
    ["OPIK_API_KEY", apiKey === undefined ? ANY_KEY : "<the key that you chose>"],
  ];
  const isPowerShell = process.platform === "win32";
  // In quotes, so that a shell takes what stands for the key as a text.
  return variables.map(([name, value]) => `${isPowerShell ? `$env:${name} = ` : `export ${name}=`}"${value}"`);
}
