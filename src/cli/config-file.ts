import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";
import type { ConfigInput } from "../config.ts";
import { didYouMean } from "../core/did-you-mean.ts";
import { ConfigurationError, errorCode } from "../core/errors.ts";
import { describeFileFailure } from "../core/file-failure.ts";
import { settingEntries, type SettingName, SETTINGS } from "../settings.ts";

/** Looked for in the working directory. */
const FILE_NAMES = ["opik-local.config.yaml", "opik-local.config.yml", "opik-local.config.json"];

const settingName = v.picklist(Object.keys(SETTINGS) as SettingName[]);
const plainValue = v.union([v.string(), v.number(), v.boolean()]);

/** A config file and the settings in it. */
export interface ConfigFile {
  path: string;
  settings: NonNullable<ConfigInput["file"]>;
}

/**
 * Reads the config file: setting names and their values, in YAML or JSON.
 * @param named the file to read; without it `opik-local.config.yaml`, `.yml` or `.json`, if there is one
 * @throws ConfigurationError when it cannot be read, or says what no setting is
 */
export async function readConfigFile(folder: string, named: string | undefined): Promise<ConfigFile | undefined> {
  if (named !== undefined) {
    const path = resolve(folder, named);
    const text = readIfThere(path);
    if (text === undefined) throw new ConfigurationError(`The config file ${path} does not exist.`);
    return { path, settings: await parse(path, text) };
  }
  const found = FILE_NAMES.map((name) => resolve(folder, name))
    .map((path) => ({ path, text: readIfThere(path) }))
    .filter(({ text }) => text !== undefined);
  const [first, second] = found;
  if (first?.text === undefined) return undefined;
  if (second !== undefined) {
    throw new ConfigurationError(
      `There are two config files, ${first.path} and ${second.path}: remove one, or choose with --config.`,
    );
  }
  return { path: first.path, settings: await parse(first.path, first.text) };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new ConfigurationError(`The config file ${path} cannot be read: ${describeFileFailure(error, path)}.`);
  }
}

async function parse(path: string, text: string): Promise<ConfigFile["settings"]> {
  const content = await parseText(path, text);
  // An empty YAML file is null.
  if (content === null) return {};
  if (!v.is(v.record(v.string(), v.unknown()), content) || Array.isArray(content)) {
    throw new ConfigurationError(`The config file ${path} should contain settings by name, such as "port: 5173".`);
  }
  const settings: ConfigFile["settings"] = {};
  for (const [name, value] of Object.entries(content)) {
    if (!v.is(settingName, name)) {
      throw new ConfigurationError(`The config file ${path} names an unknown setting ${name}.${hintFor(name)}`);
    }
    if (value !== null) settings[name] = textOf(value, `${name} in the config file ${path}`);
  }
  return settings;
}

async function parseText(path: string, text: string): Promise<unknown> {
  try {
    if (path.endsWith(".json")) return JSON.parse(text);
    // Most people have no config file: they don't wait for its parser.
    const { parse } = await import("yaml");
    return parse(text);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new ConfigurationError(`The config file ${path} cannot be read: ${reason?.replace(/:$/, "")}.`);
  }
}

/** A setting has other names as a variable and as a flag, and those are the ones that people know. */
function hintFor(name: string): string {
  const [meant] = settingEntries().find(([, { env, flag }]) => name === env || name === flag) ?? [];
  return meant === undefined ? didYouMean(name, settingName.options) : ` In a config file it is called ${meant}.`;
}

/** Settings are read from text, wherever they come from; of numbers, the unit is the setting's. */
function textOf(value: unknown, label: string): string | number {
  if (typeof value === "number") return value;
  if (v.is(plainValue, value)) return String(value);
  if (v.is(v.array(plainValue), value)) return value.join(",");
  throw new ConfigurationError(`${label} should be a text, a number or a list of texts.`);
}
