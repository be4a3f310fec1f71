import { type CompletedCommand, type CompletedFlag, PROGRAM_FLAGS, type Values } from "./commands.ts";

/** Writes the completion for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of opik-local for fish: opik-local completion fish | source

function __opik_local_has_no_command
    test (count (commandline -opc)) -eq 1
end

function __opik_local_is
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test $words[2] = $argv[1]; and not contains -- -- $words
end

function __opik_local_program
    set -l words (commandline -opc)
    set -l position (contains --index -- -- $words); or return
    complete --do-complete (string join ' ' -- (string escape -- $words[(math $position + 1)..-1]) (commandline -ct))
end

complete -c opik-local -e
complete -c opik-local -f
${PROGRAM_FLAGS.map((flag) => describeFlag("__opik_local_has_no_command", flag)).join("\n")}
${commands.map(describeCommand).join("\n")}`;
}

function describeCommand({ name, description, flags, words, takesProgram }: CompletedCommand): string {
  const condition = `'__opik_local_is ${name}'`;
  return [
    `complete -c opik-local -n __opik_local_has_no_command -a ${name} -d ${quoted(description)}`,
    ...flags.map((flag) => describeFlag(condition, flag)),
    ...(words.length === 0 || words === "anything"
      ? []
      : [`complete -c opik-local -n ${condition} ${optionsOf(words)}`]),
    ...(takesProgram
      ? [`complete -c opik-local -n 'contains -- -- (commandline -opc)' -a '(__opik_local_program)'`]
      : []),
  ].join("\n");
}

function describeFlag(condition: string, { names, description, values }: CompletedFlag): string {
  const options = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = values === undefined ? "" : ` -r ${optionsOf(values)}`;
  return `complete -c opik-local -n ${condition} ${options.join(" ")}${value} -d ${quoted(description)}`;
}

function optionsOf(values: Values): string {
  if (values === "files") return "-F";
  if (values === "folders") return "-f -a '(__fish_complete_directories)'";
  if (values === "anything") return "-f";
  return `-f -a '${values.join(" ")}'`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
