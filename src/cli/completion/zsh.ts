import { type CompletedCommand, type CompletedFlag, PROGRAM_FLAGS, type Values } from "./commands.ts";

/** Writes the completion for zsh; it can be evaluated, or be a file `_opik-local` of the functions' path. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef opik-local
# Completion of opik-local for zsh: eval "$(opik-local completion zsh)"

_opik-local() {
  local -a entries
  entries=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _arguments ${PROGRAM_FLAGS.flatMap(describeFlag).join(" ")} ${quoted("1:command:->command")} && return
    _describe -t commands command entries
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(describeCommand).join("\n")}
  esac
}

if [[ $funcstack[1] == _opik-local ]]; then _opik-local "$@"; else compdef _opik-local opik-local; fi`;
}

function describeCommand({ name, flags, words, takesProgram }: CompletedCommand): string {
  const specifications = flags.flatMap(describeFlag);
  if (takesProgram) specifications.push(quoted("(-):program:_command_names -e"), quoted("*::argument:_normal"));
  else if (words.length > 0) specifications.push(quoted(`*:${name}:${actionOf(words)}`));
  const lines = specifications.map((each) => `        ${each}`).join(" \\\n");
  return `    ${name})\n      _arguments -S \\\n${lines}\n      ;;`;
}

/** One specification for each name, each of which excludes the others. */
function describeFlag({ names, description, values }: CompletedFlag): string[] {
  const excluded = names.length > 1 ? `(${names.join(" ")})` : "";
  const text = description.replace(/[[\]\\:]/g, "\\$&");
  return names.map((name) => {
    const value = values === undefined ? "" : `:value:${actionOf(values)}`;
    const isLong = name.startsWith("--");
    return quoted(`${excluded}${name}${value !== "" && isLong ? "=" : ""}[${text}]${value}`);
  });
}

function actionOf(values: Values): string {
  if (values === "files") return "_files";
  if (values === "folders") return "_files -/";
  if (values === "anything") return " ";
  return `(${values.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
