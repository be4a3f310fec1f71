import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { ConfigurationError } from "../../core/errors.ts";
import { columnsOf } from "../console/layout.ts";
import type { Check } from "../doctor/check.ts";
import { problem } from "../doctor/check.ts";
import { checkDatabase } from "../doctor/database-file.ts";
import { checkAddon, checkNode } from "../doctor/installation.ts";
import { checkPort } from "../doctor/port.ts";
import { checkSdkSettings, readSdkSettings } from "../doctor/sdk-settings.ts";
import { checkPythonSdk, checkTypeScriptSdk } from "../doctor/sdks.ts";
import { checkConnection, checkServer } from "../doctor/server.ts";
import { EXIT } from "../failures.ts";
import { print, printData } from "../print.ts";
import { BY_SETTINGS, findServer, serverFlags } from "../running-server.ts";
import { databasePath, loadSettings, settingFlags } from "../settings.ts";
import { isContinuousIntegration, type Terminal } from "../terminal.ts";
import { wrapAfter } from "../wrap.ts";

const args: ArgsDef = { ...settingFlags(), ...serverFlags(), json: { type: "boolean", description: "Write JSON" } };

/** `opik-local doctor`: looks for what keeps the server and Opik's SDKs from working here. */
export const doctorCommand: CommandDef = defineCommand({
  meta: { name: "doctor", description: "Find out why something does not work here" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const checks = await examine(args, terminal);
    const isWell = checks.every(({ state }) => state !== "problem");
    if (args["json"] === true) printData(terminal.stdout, JSON.stringify({ ok: isWell, checks }, null, 2));
    else {
      const columns = columnsOf(terminal.stdout);
      print(terminal.stdout, checks.map((check) => describe(check, columns)).join("\n"));
    }
    return isWell ? EXIT.success : EXIT.failure;
  },
});

async function examine(args: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<Check[]> {
  const installation = [checkNode(), await checkAddon()];
  const rest = [checkSdkSettings(terminal), await checkPythonSdk(terminal), checkTypeScriptSdk(terminal)];
  try {
    return [...installation, ...(await examineServer(args, terminal)), ...rest];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [...installation, problem("settings", error.message, "`opik-local config` shows all of them."), ...rest];
  }
}

/** @throws ConfigurationError when the settings are wrong */
async function examineServer(args: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<Check[]> {
  const { config, sources, warnings } = await loadSettings(args, terminal);
  const misspelt = warnings.map((warning) => problem("settings", warning, "Correct its name, or unset it."));
  const server = await findServer(args, terminal);
  const running = await checkServer(server, server.foundBy !== BY_SETTINGS, terminal);
  const ours = running.url;
  const port = await checkPort({
    ...config,
    mayMove: sources.port === "default" && !isContinuousIntegration(terminal.environment),
    isOurs: ours !== undefined && new URL(ours).port === String(config.port),
  });
  const database = await checkDatabase(databasePath(config.database, terminal.folder));
  return [...misspelt, port, database, running.check, await checkConnection(readSdkSettings(terminal), ours, terminal)];
}

const WIDEST_STATE = "problem".length;
const WIDEST_NAME = "TypeScript SDK".length;

function describe({ state, name, found, advice }: Check, columns: number | undefined): string {
  const prefix = `${state.padEnd(WIDEST_STATE)}  ${name.padEnd(WIDEST_NAME)}  `;
  const line = wrapAfter(prefix, found, columns);
  return advice === undefined ? line : `${line}\n${wrapAfter(`${" ".repeat(prefix.length)}→ `, advice, columns)}`;
}
