import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { bashScript } from "../completion/bash.ts";
import { type CompletedCommand, completedCommands, SHELLS } from "../completion/commands.ts";
import { fishScript } from "../completion/fish.ts";
import { zshScript } from "../completion/zsh.ts";
import { CommandError, EXIT } from "../failures.ts";
import { printData } from "../print.ts";
import type { Terminal } from "../terminal.ts";

const SCRIPTS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

const args: ArgsDef = {
  shell: { type: "positional", required: false, valueHint: SHELLS.join("|"), description: "The shell" },
};

/** `opik-local completion SHELL`: writes a script with which a shell completes commands, flags and their values. */
export const completionCommand: CommandDef = defineCommand({
  meta: { name: "completion", description: "Write a script for the completion of a shell" },
  args,
  run: async ({ args, data }) => {
    const shell = String(args["shell"] ?? "");
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined)
      throw new CommandError(`Which shell? \`opik-local completion ${SHELLS.join("|")}\`.`, EXIT.usage);
    printData((data as Terminal).stdout, script(await completedCommands()));
  },
});
