import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { type ResolvedConfig, settingEntries } from "../config.ts";
import { loadSettings, settingFlags } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

/** One setting as `config` shows it. */
interface Row {
  name: string;
  value: string;
  source: string;
  environment: string;
  flag: string | undefined;
  description: string;
}

const args: ArgsDef = { ...settingFlags(), json: { type: "boolean", description: "Write JSON" } };

/** `opik-local config`: every setting, its value and where that came from. */
export const configCommand: CommandDef = defineCommand({
  meta: { name: "config", description: "Show every setting and where its value came from" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const settings = await loadSettings(args, terminal);
    const rows = describe(settings);
    const { configFile, warnings } = settings;
    if (args["json"]) {
      terminal.stdout.write(`${JSON.stringify({ configFile, warnings, settings: rows }, null, 2)}\n`);
      return;
    }
    terminal.stdout.write(`${table(rows)}\n`);
    if (configFile !== undefined) terminal.stdout.write(`\nConfig file: ${configFile}\n`);
    for (const warning of warnings) terminal.stderr.write(`${warning}\n`);
  },
});

function describe({ config, sources }: ResolvedConfig): Row[] {
  return settingEntries().map(([name, setting]) => ({
    name,
    value: setting.secret && config[name] !== undefined ? "********" : setting.format(config[name]),
    source: sources[name],
    environment: setting.env,
    flag: setting.flag === undefined ? undefined : `--${setting.flag}`,
    description: setting.description,
  }));
}

/** One line a setting, with the variable that sets it: most have no flag. */
function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, source, environment, flag }) => [
    name,
    value === "" ? "-" : value,
    source === "flag" ? `${flag}` : source,
    environment,
  ]);
  const lines = [["Setting", "Value", "From", "Variable"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
