import { resolve } from "node:path";
import type { ArgsDef } from "citty";
import { type ConfigInput, type ResolvedConfig, resolveConfig } from "../config.ts";
import { didYouMean, editDistance } from "../core/did-you-mean.ts";
import { settingEntries } from "../settings.ts";
import { readConfigFile } from "./config-file.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Flags of the settings that have one, and the one that names the config file.
 * @param defaults of a command that has others, by flag, for its help
 */
export function settingFlags(defaults: Readonly<Record<string, string>> = {}): ArgsDef {
  const flags: ArgsDef = {};
  for (const [, setting] of settingEntries()) {
    if (setting.flag === undefined) continue;
    const fallback = defaults[setting.flag] ?? setting.format(setting.default);
    flags[setting.flag] = {
      type: "string",
      valueHint: setting.hint ?? setting.flag,
      description: fallback === "" ? setting.description : `${setting.description} (${fallback})`,
    };
  }
  flags["config"] = {
    type: "string",
    valueHint: "file",
    description: "Config file (opik-local.config.yaml or .json, when there is one)",
  };
  return flags;
}

/** All settings, and the config file that some of them came from. */
export interface LoadedSettings extends ResolvedConfig {
  configFile: string | undefined;
  /** A sentence for each environment variable that is no setting and looks like a misspelt one. */
  warnings: readonly string[];
}

/**
 * Decides every setting from the flags given, the environment and the config file.
 * @param given the parsed arguments of a command that has `settingFlags`
 * @throws ConfigurationError
 */
export async function loadSettings(
  given: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<LoadedSettings> {
  const file = await readConfigFile(terminal.folder, textOr(given["config"]));
  const flags: NonNullable<ConfigInput["flags"]> = {};
  for (const [name, { flag }] of settingEntries()) {
    const text = flag === undefined ? undefined : textOr(given[flag]);
    if (text !== undefined) flags[name] = text;
  }
  const resolved = resolveConfig({ flags, environment: terminal.environment, file: file?.settings });
  return { ...resolved, configFile: file?.path, warnings: misspeltVariables(terminal.environment) };
}

/** The prefixes of settings; names without one are too common to be judged. */
const PREFIXES = ["OPIK_LOCAL_", "OPIK_RUNNER_"];

/** Variables that are right as they are, and no settings. */
const OTHERS_VARIABLES = [
  // Names the server for commands.
  "OPIK_LOCAL_URL",
  // Where the single executable keeps its addon (database/addon.ts).
  "OPIK_LOCAL_CACHE",
  // Of Opik's SDKs.
  ...["OPIK_RUNNER_MODE", "OPIK_RUNNER_ID", "OPIK_RUNNER_POLL_INTERVAL"],
  // Of the real server: they mean nothing in one process.
  ...["OPIK_RUNNER_ASYNC_TIMEOUT_BUFFER", "OPIK_RUNNER_BRIDGE_ASYNC_TIMEOUT_BUFFER"],
  ...["OPIK_RUNNER_REAPER_LOCK_DURATION", "OPIK_RUNNER_REAPER_LOCK_WAIT", "OPIK_RUNNER_REAPER_MAX_RUNNERS_PER_CYCLE"],
];

/** In a name that does not begin as settings do, so many letters may be wrong for it to be meant as one. */
const MAX_WRONG_LETTERS = 2;

function misspeltVariables(environment: Terminal["environment"]): string[] {
  const known = settingEntries().map(([, { env }]) => env);
  const right = new Set([...known, ...OTHERS_VARIABLES]);
  const prefixed = known.filter(hasPrefix);
  return Object.keys(environment)
    .filter((name) => name.startsWith("OP") && !right.has(name))
    .map((name) => [name, hasPrefix(name) ? didYouMean(name, known) : meantByTypo(name, prefixed)] as const)
    .filter(([, meant]) => meant !== "")
    .map(([name, meant]) => `The environment variable ${name} is no setting.${meant}`);
}

function hasPrefix(name: string): boolean {
  return PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Of names without a prefix of ours most belong to others: only what is nearly a setting is meant as one. */
function meantByTypo(name: string, settings: readonly string[]): string {
  const close = settings.filter((setting) => Math.abs(setting.length - name.length) <= MAX_WRONG_LETTERS);
  return didYouMean(
    name,
    close.filter((setting) => editDistance(name, setting) <= MAX_WRONG_LETTERS),
  );
}

/** The folder's path from the root, if there is one. */
export function webAppPath(folder: string | undefined, workingFolder: string): string | undefined {
  return folder === undefined ? undefined : resolve(workingFolder, folder);
}

/** The database's path from the root, or `:memory:`. */
export function databasePath(database: string, folder: string): string {
  return database === ":memory:" ? database : resolve(folder, database);
}

function textOr(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
