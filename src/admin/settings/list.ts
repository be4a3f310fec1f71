import type { Config, ConfigSource } from "../../config.ts";
import { settingEntries, type SettingName } from "../../settings.ts";
import type { SettingList } from "./schema.ts";

/** Where a value came from; `program` for what the program that embeds the server has set. */
export type SettingSources = Readonly<Partial<Record<SettingName, ConfigSource | "program">>>;

/** Every setting as people see it, in the order of `SETTINGS`: secrets are hidden. */
export function listSettings(config: Config, sources: SettingSources): SettingList["settings"] {
  return settingEntries().map(([name, setting]) => ({
    name,
    value: setting.secret === true && config[name] !== undefined ? "********" : setting.format(config[name]),
    source: sources[name] ?? "default",
    environment: setting.env,
    ...(setting.flag === undefined ? {} : { flag: `--${setting.flag}` }),
    description: setting.description,
  }));
}
