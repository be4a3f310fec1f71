import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "ini";
import type { Terminal } from "../terminal.ts";
import { type Check, note, ok, problem } from "./check.ts";

const NAME = "SDK settings";

/** The server that SDKs use by default. */
const COMET = "https://www.comet.com/opik/api";

/** What Opik's SDKs read in this environment. */
export interface SdkSettings {
  url: string;
  /** What names the URL; `undefined` for the default of the SDKs. */
  urlFrom: string | undefined;
  workspace: string;
  apiKey: string | undefined;
}

/** The variables that name something; keys are not shown. */
const SHOWN = ["OPIK_URL_OVERRIDE", "OPIK_WORKSPACE", "OPIK_PROJECT_NAME", "OPIK_RUNNER_MODE", "OPIK_RUNNER_ID"];

/** The variables of proxies, which Python's SDK uses for addresses of this machine, too. */
const PROXIES = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

interface SettingsFile {
  path: string;
  exists: boolean;
  /** The section `[opik]`. */
  values: ReadonlyMap<string, string>;
}

/** Reads the variables and the configuration file of Opik's SDKs, in their order: a variable wins. */
export function readSdkSettings({ environment, folder }: Terminal): SdkSettings {
  const file = readFile(environment, folder);
  const valueOf = (variable: string, field: string): readonly [value: string, from: string] | undefined => {
    const inFile = file.values.get(field);
    if (environment[variable]) return [environment[variable], variable];
    return inFile === undefined ? undefined : [inFile, file.path];
  };
  const [url, urlFrom] = valueOf("OPIK_URL_OVERRIDE", "url_override") ?? [COMET, undefined];
  return {
    url: url.replace(/\/+$/, ""),
    urlFrom,
    workspace: valueOf("OPIK_WORKSPACE", "workspace")?.[0] ?? "default",
    apiKey: valueOf("OPIK_API_KEY", "api_key")?.[0],
  };
}

/** Whether the variables and the configuration file of Opik's SDKs are in order. */
export function checkSdkSettings({ environment, folder }: Terminal): Check {
  const { path, exists, values } = readFile(environment, folder);
  const shown = SHOWN.flatMap((name) => (environment[name] ? [`${name}=${environment[name]}`] : []));
  const variables = [...shown, ...(environment["OPIK_API_KEY"] ? ["OPIK_API_KEY (set)"] : [])];
  const inFile = exists ? `${path} names ${values.get("url_override") ?? "no server"}` : `there is no ${path}`;
  const found = `${variables.length === 0 ? "no variables" : variables.join(", ")}; ${inFile}`;
  if (environment["OPIK_CONFIG_PATH"] && !exists)
    return problem(NAME, found, "Make that file or unset OPIK_CONFIG_PATH: the SDK for TypeScript ends without it.");
  if (/^(?:1|true|yes|on)$/i.test(environment["OPIK_TRACK_DISABLE"] ?? ""))
    return note(NAME, `${found}; OPIK_TRACK_DISABLE is set`, "Unset OPIK_TRACK_DISABLE: SDKs write no traces with it.");
  const proxy = PROXIES.find((name) => environment[name]);
  const direct = `${environment["NO_PROXY"] ?? ""},${environment["no_proxy"] ?? ""}`;
  if (proxy !== undefined && !/(?:^|,)\s*(?:\*|127\.0\.0\.1)\s*(?:,|$)/.test(direct))
    return note(
      NAME,
      `${found}; ${proxy} is set`,
      "export NO_PROXY=127.0.0.1,localhost: the SDK for Python sends requests to this machine through the proxy, too.",
    );
  return ok(NAME, found);
}

function readFile(environment: Terminal["environment"], folder: string): SettingsFile {
  const home = environment["HOME"] || homedir();
  const named = environment["OPIK_CONFIG_PATH"]?.replace(/^~(?=\/|$)/, home);
  const path = named ? resolve(folder, named) : join(home, ".opik.config");
  const exists = existsSync(path);
  return { path, exists, values: exists ? readSection(readFileSync(path, "utf8")) : new Map<string, string>() };
}

/** The fields of the section `[opik]` of an INI file; their names in lower case, as the SDK for Python compares them. */
function readSection(text: string): Map<string, string> {
  const section: unknown = parse(text)["opik"];
  if (typeof section !== "object" || section === null) return new Map();
  return new Map(
    Object.entries(section).flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [[name.toLowerCase(), value]] : [],
    ),
  );
}
