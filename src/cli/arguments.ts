import { parseArgs } from "node:util";
import type { ArgsDef } from "citty";
import { didYouMean } from "../core/did-you-mean.ts";
import { CommandError, EXIT } from "./failures.ts";

/** Where the arguments of a command end and those of another program begin. */
const SEPARATOR = "--";

/** The arguments before `--`. */
export function beforeSeparator(argv: readonly string[]): string[] {
  return argv.includes(SEPARATOR) ? argv.slice(0, argv.indexOf(SEPARATOR)) : [...argv];
}

/** The arguments after `--`. */
export function afterSeparator(argv: readonly string[]): string[] {
  return argv.slice(beforeSeparator(argv).length + 1);
}

/**
 * Reads `--json '{"text":"hello"}'` as a flag with that value. `--json` without an object or a list after it is left alone.
 * @param flag `inputs`
 */
export function nameJson(argv: readonly string[], flag: string): string[] {
  return argv.map((word, at) => {
    const inline = /^--json=(?=[{[])/;
    if (inline.test(word)) return word.replace(inline, `--${flag}=`);
    return word === "--json" && /^[{[]/.test(argv[at + 1] ?? "") ? `--${flag}` : word;
  });
}

/**
 * Refuses what citty would silently drop: unknown flags, flags without their value and unused arguments.
 * @param command whose help is named in the error: `opik-local dev`
 * @throws CommandError with exit code 2
 */
export function checkArguments(argv: readonly string[], definitions: ArgsDef, command: string): void {
  const usageError = (message: string): CommandError =>
    new CommandError(`${message} See \`${command} --help\`.`, EXIT.usage);
  const flags = flagsOf(definitions);
  const takesArguments = Object.values(definitions).some(({ type }) => type === "positional");
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(flags),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional" && !takesArguments) throw usageError(`Unexpected argument "${token.value}".`);
    if (token.kind !== "option") continue;
    const flag = flags.get(token.name) ?? flags.get(token.name.replace(/^no-/, ""));
    if (flag === undefined) {
      const hint = didYouMean(
        token.rawName,
        [...flags.keys()].filter((name) => name.length > 1).map((name) => `--${name}`),
      );
      throw usageError(`Unknown flag ${token.rawName}.${hint}`);
    }
    // The next flag is no value, unless it is written with an equals sign. A negative number is no flag.
    const lacksValue = token.value === undefined || (!token.inlineValue && /^-(?!\d)/.test(token.value));
    if (flag.type === "string" && lacksValue) throw usageError(`${token.rawName} needs a value.`);
  }
  const given = new Set(tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])));
  const missing = requiredFlags(definitions).find((names) => names.every((name) => !given.has(name)));
  if (missing !== undefined) throw usageError(`The flag --${missing[0] ?? ""} is missing.`);
}

/** The names of each flag that has to be given, the long one first. */
function requiredFlags(definitions: ArgsDef): string[][] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    if (definition.type === "positional" || definition.required !== true) return [];
    return [[name, ...("alias" in definition ? [definition.alias ?? []].flat() : [])]];
  });
}

interface Flag {
  type: "boolean" | "string";
  short?: string;
}

/** Flags by name and by one-letter alias; `parseArgs` needs the letter with the name. */
function flagsOf(definitions: ArgsDef): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    const type = definition.type === "boolean" ? "boolean" : "string";
    const aliases = "alias" in definition ? [definition.alias ?? []].flat() : [];
    const short = aliases.find((alias) => alias.length === 1);
    flags.set(name, { type, ...(short === undefined ? {} : { short }) });
    for (const alias of aliases.filter((alias) => alias.length > 1)) flags.set(alias, { type });
  }
  return flags;
}
