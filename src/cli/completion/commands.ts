import type { ArgDef } from "citty";
import { PRESET_NAMES } from "../../admin/faults/presets.ts";
import { JOB_STATUSES } from "../../opik/runners/jobs/schema.ts";
import { RUN_STATUSES } from "../../strait/run/state-machine.ts";
import { COMMANDS } from "../commands.ts";
import { ACTIONS } from "../commands/clock.ts";
import { FINDING_KINDS } from "../commands/exec/finding-kinds.ts";
import { UNMATCHED } from "../commands/replay.ts";
import { helpTopics } from "../help-topics.ts";
import { recipeNames } from "../recipes.ts";

/** The shells that have a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What a flag or an argument can be: paths, one of some words, or anything. */
export type Values = "files" | "folders" | "anything" | readonly string[];

/** A flag, as a shell completes it. */
export interface CompletedFlag {
  /** With their dashes: `["-q", "--quiet"]`. */
  names: readonly string[];
  description: string;
  /** What its value can be; `undefined` when it has none. */
  values: Values | undefined;
}

/** A command, as a shell completes it. */
export interface CompletedCommand {
  name: string;
  description: string;
  flags: readonly CompletedFlag[];
  /** What its arguments can be. */
  words: Values;
  /** Whether the command line of another program follows `--`. */
  takesProgram: boolean;
}

const HELP: CompletedFlag = { names: ["-h", "--help"], description: "Show this help", values: undefined };

/** Flags of the program itself. */
export const PROGRAM_FLAGS: readonly CompletedFlag[] = [
  HELP,
  { names: ["-v", "--version"], description: "Show the version", values: undefined },
];

/** The hints of values that are paths. */
const PATHS: Readonly<Record<string, Values>> = {
  file: "files",
  path: "files",
  "path...": "files",
  "file|preset": "files",
  folder: "folders",
};

/** The words that an argument of a command can be, where its hint does not say them. */
const WORDS: Readonly<Record<string, Values>> = {
  "dev clock": ["system", "virtual"],
  "exec clock": ["system", "virtual"],
  "exec fail-on": FINDING_KINDS,
  "replay file": "files",
  "replay fail-on": [UNMATCHED],
  "help topic": helpTopics(),
  "recipe name": recipeNames(),
  "clock words": Object.keys(ACTIONS),
  "jobs status": JOB_STATUSES,
  "runs status": RUN_STATUSES,
  "faults words": PRESET_NAMES,
};

/** Describes all commands for a shell's completion: their names, flags, and what values can be. */
export async function completedCommands(): Promise<CompletedCommand[]> {
  const commands = Object.entries(COMMANDS).map(async ([name, entry]) => {
    const command = await entry.load();
    const definitions = (typeof command.args === "function" ? await command.args() : await command.args) ?? {};
    const { positional = [], flag = [] } = Object.groupBy(Object.entries(definitions), ([, { type }]) =>
      type === "positional" ? "positional" : "flag",
    );
    const [word] = positional;
    return {
      ...{ name, description: entry.description, takesProgram: entry.takesProgram === true },
      flags: [...flag.map(([argument, definition]) => describeFlag(name, argument, definition)), HELP],
      words: word === undefined ? [] : valuesOf(name, ...word),
    };
  });
  return Promise.all(commands);
}

function describeFlag(command: string, name: string, definition: ArgDef): CompletedFlag {
  const aliases = "alias" in definition ? [definition.alias ?? []].flat() : [];
  const isOn = definition.type === "boolean" && definition.default === true;
  return {
    names: [
      ...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)),
      `--${isOn ? "no-" : ""}${name}`,
    ],
    description: definition.description ?? "",
    values: definition.type === "boolean" ? undefined : valuesOf(command, name, definition),
  };
}

function valuesOf(command: string, name: string, { valueHint = "" }: ArgDef): Values {
  const choices = /^[a-z]+(?:\|[a-z]+)+$/.test(valueHint) ? valueHint.split("|") : "anything";
  return WORDS[`${command} ${name}`] ?? PATHS[valueHint] ?? choices;
}
