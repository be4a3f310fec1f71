import { type CompletedCommand, PROGRAM_FLAGS, type Values } from "./commands.ts";

/** Writes the completion for bash, from version 3.2 on; it needs no `bash-completion`. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const valuesOfFlags = commands.flatMap(({ name, flags }) =>
    flags.flatMap((flag) =>
      flag.values === undefined
        ? []
        : [`    ${flag.names.map((each) => `"${name} ${each}"`).join("|")}) ${offer(flag.values)}; return ;;`],
    ),
  );
  const programs = commands.filter(({ takesProgram }) => takesProgram).map(({ name }) => name);
  return `# Completion of opik-local for bash: eval "$(opik-local completion bash)"

_opik_local_offer() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@")
}

_opik_local_paths() {
  type compopt >/dev/null 2>&1 && compopt -o filenames
  _opik_local_offer "$1" -- "$current"
}

_opik_local_program() {
  local position
  for ((position = 2; position < COMP_CWORD; position++)); do
    [[ "\${COMP_WORDS[position]}" == -- ]] || continue
    if declare -F _command_offset >/dev/null; then _command_offset $((position + 1))
    elif ((COMP_CWORD == position + 1)); then _opik_local_offer -c -- "$current"
    else _opik_local_paths -f
    fi
    return 0
  done
  return 1
}

_opik_local() {
  local current="\${COMP_WORDS[COMP_CWORD]}" flag="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _opik_local_offer -W "${[...commands.map(({ name }) => name), ...namesOf(PROGRAM_FLAGS)].join(" ")}" -- "$current"
    return
  fi
  case "$command" in
    ${programs.join("|")}) _opik_local_program && return ;;
  esac
  # \`--flag=value\` is three words.
  if [[ "$current" == "=" ]]; then current=""
  elif [[ "$flag" == "=" ]]; then flag="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  case "$command $flag" in
${valuesOfFlags.join("\n")}
  esac
  case "$command $current" in
${commands.map(({ name, flags }) => `    "${name} -"*) _opik_local_offer -W "${namesOf(flags).join(" ")}" -- "$current" ;;`).join("\n")}
${commands.map(({ name, words }) => `    "${name} "*) ${offer(words)} ;;`).join("\n")}
  esac
}

complete -F _opik_local opik-local`;
}

function namesOf(flags: CompletedCommand["flags"]): string[] {
  return flags.flatMap(({ names }) => names);
}

function offer(values: Values): string {
  if (values === "files") return "_opik_local_paths -f";
  if (values === "folders") return "_opik_local_paths -d";
  if (values === "anything") return ":";
  return `_opik_local_offer -W "${values.join(" ")}" -- "$current"`;
}
