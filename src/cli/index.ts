import { type CommandDef, runCommand } from "citty";
import { didYouMean } from "../core/did-you-mean.ts";
import { describeFileFailure } from "../core/file-failure.ts";
import { inNextTurn } from "../core/node-timers.ts";
import { VERSION } from "../version.ts";
import { beforeSeparator, checkArguments, nameJson } from "./arguments.ts";
import type { CommandEntry } from "./command-entry.ts";
import { COMMAND_GROUPS, COMMANDS } from "./commands.ts";
import { CommandError, describeFailure, EXIT } from "./failures.ts";
import { print, printData } from "./print.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { renderUsage } from "./usage.ts";

const NAME = "opik-local";

/** The commands whose first example is in the help of all commands. */
const IN_OVERVIEW = ["dev", "seed", "run", "why", "exec"];

/**
 * Runs a command line.
 * @param argv without the executable: `["dev", "--port", "0"]`
 * @param terminal what the command sees of the process; default the real one
 * @returns the exit code (see `EXIT`); never throws and never ends the process
 */
export async function main(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const [name, ...rest] = argv;
  try {
    if (name === "--version" || name === "-v") {
      print(terminal.stdout, VERSION);
      return EXIT.success;
    }
    if (name === undefined || name === "--help" || name === "-h") {
      print(terminal.stdout, mainHelp());
      return name === undefined ? EXIT.usage : EXIT.success;
    }
    return await runNamed(name, rest, terminal);
  } catch (error) {
    printFailure(error, argv, terminal);
    return describeFailure(error).exitCode;
  }
}

async function runNamed(name: string, given: string[], terminal: Terminal): Promise<number> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) throw unknownCommand(name);
  const argv = entry.jsonFlag === undefined ? given : nameJson(given, entry.jsonFlag);
  const command = await entry.load();
  const definitions = (typeof command.args === "function" ? await command.args() : await command.args) ?? {};
  const own = beforeSeparator(argv);
  if (own.includes("--help") || own.includes("-h")) {
    print(terminal.stdout, commandHelp(name, entry, definitions));
    return EXIT.success;
  }
  checkArguments(entry.takesProgram ? own : argv, definitions, `${NAME} ${name}`);
  const { result } = await runCommand(command, { rawArgs: argv, data: terminal });
  if (typeof result === "number") return result;
  // Streams report what they could not write in the next turn.
  await new Promise<void>(inNextTurn);
  const lost = terminal.lostOutput?.();
  if (lost !== undefined) throw new CommandError(`The output could not be written: ${describeFileFailure(lost, "")}.`);
  return EXIT.success;
}

function unknownCommand(name: string): CommandError {
  const hint = name.startsWith("-")
    ? ` Flags come after the command: ${NAME} dev ${name}`
    : didYouMean(name, Object.keys(COMMANDS)) || ` \`${NAME} --help\` lists all commands.`;
  const what = name.startsWith("-") ? "flag" : "command";
  return new CommandError(`Unknown ${what} ${name}.${hint}`, EXIT.usage);
}

function mainHelp(): string {
  return renderUsage({
    command: NAME,
    description: `${NAME} ${VERSION}: a local server for Opik's runner APIs and for executor runs`,
    arguments: { version: { type: "boolean", alias: "v", description: "Show the version" } },
    commands: COMMAND_GROUPS.map(([title, commands]) => [
      title,
      Object.entries(commands).map(([name, { description }]) => [name, description]),
    ]),
    examples: IN_OVERVIEW.flatMap((name) => COMMANDS[name]?.examples.slice(0, 1) ?? []),
  });
}

function commandHelp(name: string, entry: CommandEntry, definitions: NonNullable<CommandDef["args"]> & object): string {
  return renderUsage({
    command: `${NAME} ${name}`,
    description: entry.description,
    arguments: definitions as Parameters<typeof renderUsage>[0]["arguments"],
    commands: [],
    examples: entry.examples,
    ...(entry.takesProgram ? { program: "command [arguments]" } : {}),
  });
}

/** One sentence for people, one line for machines; where it happened only when asked. */
function printFailure(error: unknown, argv: readonly string[], terminal: Terminal): void {
  const { message, exitCode, stack } = describeFailure(error);
  const own = beforeSeparator(argv);
  const verbose = own.includes("--verbose");
  if (own.includes("--json")) {
    const line = { event: "error", message, exitCode, ...(verbose && stack !== undefined ? { stack } : {}) };
    printData(terminal.stderr, JSON.stringify(line));
    return;
  }
  print(terminal.stderr, message);
  if (stack !== undefined) print(terminal.stderr, verbose ? stack : "Run it again with --verbose to see where.");
}
