import { didYouMean } from "./core/did-you-mean.ts";
import { ConfigurationError } from "./core/errors.ts";
import type { Setting } from "./core/setting.ts";
import { settingEntries, type SettingName, SETTINGS } from "./settings.ts";

/** The value of every setting. */
export type Config = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** Where a value came from. */
export type ConfigSource = "flag" | "environment" | "config file" | "default";

/**
 * Texts by setting name (flags, config file) or by variable name (environment). A number of the config file means what
 * it means in the setting's own unit.
 */
export interface ConfigInput {
  flags?: Partial<Record<SettingName, string>> | undefined;
  environment?: Readonly<Record<string, string | undefined>> | undefined;
  file?: Partial<Record<SettingName, string | number>> | undefined;
}

/** Values and where each came from. */
export interface ResolvedConfig {
  config: Config;
  sources: Readonly<Record<SettingName, ConfigSource>>;
}

/**
 * Decides every setting: flag, else environment variable, else config file, else default.
 * @throws ConfigurationError that names the flag or variable and says what was expected
 */
export function resolveConfig(input: ConfigInput): ResolvedConfig {
  const config: Record<string, unknown> = {};
  const sources: Record<string, ConfigSource> = {};
  for (const [name, setting] of settingEntries()) {
    const candidates: Array<[ConfigSource, string | number | undefined, string]> = [
      ["flag", input.flags?.[name], `--${setting.flag}`],
      ["environment", emptyIsUnset(input.environment?.[setting.env]), setting.env],
      ["config file", input.file?.[name], `the config file's ${name}`],
    ];
    const [source, given, label] = candidates.find(([, text]) => text !== undefined) ?? ["default" as const];
    sources[name] = source;
    config[name] = given === undefined ? setting.default : parseSetting(setting, given, label ?? name);
  }
  return {
    config: Object.freeze(config) as Config,
    sources: Object.freeze(sources) as Record<SettingName, ConfigSource>,
  };
}

/**
 * All defaults, with some replaced; for tests and for embedding.
 * @throws ConfigurationError for a key that is too short: an empty one would let in everybody who has none
 */
export function configWith(overrides: Partial<Config> = {}): Config {
  for (const name of Object.keys(overrides)) {
    if (!Object.hasOwn(SETTINGS, name)) {
      throw new ConfigurationError(`There is no setting "${name}".${didYouMean(name, Object.keys(SETTINGS))}`);
    }
  }
  for (const [name, setting] of settingEntries()) {
    const value = overrides[name];
    if (setting.secret === true && typeof value === "string") parseSetting(setting, value, name);
  }
  return Object.freeze({ ...resolveConfig({}).config, ...overrides });
}

function parseSetting(setting: Setting<unknown>, given: string | number, label: string): unknown {
  const isInUnit = typeof given === "number" && typeof setting.default === "number";
  try {
    return setting.parse(isInUnit ? setting.format(given) : String(given));
  } catch (error) {
    const written = typeof given === "number" ? given : `"${given}"`;
    const is = setting.secret ? "" : ` is ${written}, but`;
    throw new ConfigurationError(`${label}${is} should be ${(error as Error).message}.`);
  }
}

function emptyIsUnset(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
