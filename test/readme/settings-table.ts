import type { Setting } from "../../src/core/setting.ts";
import { SETTINGS } from "../../src/settings.ts";

const START = "<!-- settings: npm run help:settings -->";
const END = "<!-- /settings -->";

/** The text with its table of settings written anew from the definitions. */
export function withSettingsTable(text: string): string {
  const start = text.indexOf(START) + START.length;
  const end = text.indexOf(END);
  if (start < START.length || end < start) throw new Error(`help/settings.md has no ${START} ... ${END}`);
  return `${text.slice(0, start)}\n\n${settingsTable()}\n\n${text.slice(end)}`;
}

function settingsTable(): string {
  const rows = Object.values(SETTINGS as Record<string, Setting<unknown>>).map((setting) => [
    `\`${setting.env}\``,
    setting.flag === undefined ? "" : `\`--${setting.flag}\``,
    defaultOf(setting),
    setting.description.replaceAll("|", "\\|"),
  ]);
  return [["variable", "flag", "default", "what it is"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function defaultOf(setting: Setting<unknown>): string {
  const text = setting.default === undefined ? "" : setting.format(setting.default);
  return text === "" ? "" : `\`${text}\``;
}
