import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { parseDuration } from "../../core/durations.ts";
import { afterSeparator } from "../arguments.ts";
import { CLOCK_FLAG, clockOf } from "../clock-flag.ts";
import { CommandError, EXIT } from "../failures.ts";
import { outputFile } from "../output-file.ts";
import { loadSettings, settingFlags } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { FINDING_KINDS, type FindingKind } from "./exec/finding-kinds.ts";

/** The defaults of settings that are others than those of `dev`. */
const OWN = { db: ":memory:", port: "0" };

const args: ArgsDef = {
  fixtures: {
    type: "string",
    valueHint: "path",
    description: "Fixtures to load before: files, folders or example:demo (comma list)",
  },
  ...CLOCK_FLAG,
  project: {
    type: "string",
    valueHint: "name",
    description: "Project of what names none (OPIK_PROJECT_NAME, else the first one of the fixtures)",
  },
  "fail-on": {
    type: "string",
    valueHint: "kinds",
    description: `Fail also for ${FINDING_KINDS.join(", ")} (comma list)`,
  },
  export: { type: "string", valueHint: "file", description: "File to write the state at the end to, as a fixture" },
  faults: { type: "string", valueHint: "file", description: "Faults to inject: a file, or the name of a preset" },
  journal: {
    type: "string",
    valueHint: "file",
    description: "File to write all requests and answers to, as JSON lines",
  },
  timeout: { type: "string", valueHint: "time", description: "End the command after this time, with exit code 124" },
  verbose: { type: "boolean", description: "Show on the error output what happens in the server" },
  // Nothing of another run: not the file and not the port that `dev` has in this folder.
  ...settingFlags(OWN),
};

const NO_COMMAND = "Which command? Write it after two dashes: `opik-local exec -- npm test`.";

/** `opik-local exec`: runs a command with a server of its own. */
export const execCommand: CommandDef = defineCommand({
  meta: { name: "exec", description: "Run a command with a server of its own" },
  args,
  run: async ({ args, rawArgs, data }) => {
    const terminal = data as Terminal;
    const [program, ...parameters] = afterSeparator(rawArgs);
    if (program === undefined) throw new CommandError(NO_COMMAND, EXIT.usage);
    const options = {
      command: [program, ...parameters] as const,
      clock: clockOf(args["clock"]),
      failOn: kindsOf(args["fail-on"]),
      timeoutMs: timeoutOf(args["timeout"]),
      fixtures: args["fixtures"] as string | undefined,
      project: args["project"] as string | undefined,
      exportFile: outputFile(args["export"], "--export", terminal.folder),
      faults: args["faults"] as string | undefined,
      journalFile: outputFile(args["journal"], "--journal", terminal.folder),
      verbose: args["verbose"] === true,
    };
    const settings = await loadSettings(
      { ...args, db: args["db"] ?? OWN.db, port: args["port"] ?? OWN.port },
      terminal,
    );
    const { execute } = await import("./exec/execute.ts");
    return execute({ ...options, config: settings.config }, terminal);
  },
});

function kindsOf(given: unknown): FindingKind[] {
  const names = typeof given === "string" ? given.split(",").map((name) => name.trim()) : [];
  return names.map((name) => {
    const kind = FINDING_KINDS.find((known) => known === name);
    if (kind !== undefined) return kind;
    throw new CommandError(`--fail-on has "${name}", but takes ${FINDING_KINDS.join(", ")}.`, EXIT.usage);
  });
}

function timeoutOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const timeoutMs = parseDuration(String(given));
  if (timeoutMs !== undefined && timeoutMs > 0) return timeoutMs;
  throw new CommandError(`--timeout is "${String(given)}", but should be a duration such as 30s or 10m.`, EXIT.usage);
}
