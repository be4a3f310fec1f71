import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { listSettings } from "../../admin/settings/list.ts";
import type { SettingList } from "../../admin/settings/schema.ts";
import { columnsOf, cut } from "../console/layout.ts";
import { print, printData } from "../print.ts";
import { loadSettings, settingFlags } from "../settings.ts";
import { alignedLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = { ...settingFlags(), json: { type: "boolean", description: "Write JSON" } };

/** `opik-local config`: every setting, its value and where that came from. */
export const configCommand: CommandDef = defineCommand({
  meta: { name: "config", description: "Show every setting and where its value came from" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const settings = await loadSettings(args, terminal);
    const rows = listSettings(settings.config, settings.sources);
    const { configFile, warnings } = settings;
    if (args["json"]) {
      printData(terminal.stdout, JSON.stringify({ configFile, warnings, settings: rows }, null, 2));
      return;
    }
    print(terminal.stdout, table(rows, columnsOf(terminal.stdout)));
    if (configFile !== undefined) print(terminal.stdout, `\nConfig file: ${configFile}`);
    for (const warning of warnings) print(terminal.stderr, warning);
  },
});

/**
 * One line a setting, with the variable that sets it: most have no flag. Where that does not fit into the terminal, the
 * variables are left out.
 */
function table(rows: SettingList["settings"], columns: number = Number.POSITIVE_INFINITY): string {
  const cells = rows.map(({ name, value, source, environment, flag }) => [
    name,
    value === "" ? "-" : value,
    source === "flag" && flag !== undefined ? flag : source,
    environment,
  ]);
  const whole = alignedLines([["Setting", "Value", "From", "Variable"], ...cells]);
  if (whole.every((line) => line.length <= columns)) return whole.join("\n");
  const narrow = alignedLines([
    ["Setting", "From", "Value"],
    ...cells.map(([name = "", value = "", from = ""]) => [name, from, value]),
  ]);
  const hint = ["", "A wider terminal also shows the variable that sets each, and --json shows everything."];
  return [...narrow, ...hint].map((line) => cut(line, columns)).join("\n");
}
