import type { ArgDef, ArgsDef } from "citty";
import { wrap } from "./wrap.ts";

/** Fits the terminals of most people; help is not laid out anew for each. */
const WIDTH = 80;
const LARGEST_LABEL = 24;

/** What `--help` shows. */
export interface Usage {
  /** `opik-local dev`. */
  command: string;
  description: string;
  arguments: ArgsDef;
  /** Commands below this one in groups, with what they do. */
  commands: ReadonlyArray<[title: string, commands: ReadonlyArray<[name: string, description: string]>]>;
  /** Command lines, with what they are good for. */
  examples: ReadonlyArray<[line: string, purpose: string]>;
  /** The program that the command runs, written after `--`. */
  program?: string;
}

/** Writes the help of a command; citty's own has no examples and does not fit a terminal's width. */
export function renderUsage(usage: Usage): string {
  const { positional = [], flag = [] } = Object.groupBy(Object.entries(usage.arguments), ([, { type }]) =>
    type === "positional" ? "positional" : "flag",
  );
  const line = [
    usage.command,
    ...(usage.commands.length === 0 ? [] : ["<command>"]),
    ...positional.map(([name, { required, valueHint = name }]) =>
      required === false ? `[${valueHint}]` : `<${valueHint}>`,
    ),
    "[flags]",
    ...(usage.program === undefined ? [] : ["--", usage.program]),
  ];
  const help: [string, string] = ["-h, --help", "Show this help"];
  return [
    usage.description,
    "",
    `Usage: ${line.join(" ")}`,
    ...usage.commands.flatMap(([title, commands]) => section(title, commands)),
    ...section(
      "Arguments",
      positional.map(([name, { description = "", valueHint = name }]) => [valueHint, description]),
    ),
    ...section("Flags", [...flag.map(([name, definition]) => describeFlag(name, definition)), help]),
    "",
    "Examples:",
    ...usage.examples.flatMap(([line, purpose]) => [`  # ${purpose}`, `  ${line}`]),
  ].join("\n");
}

function describeFlag(name: string, definition: ArgDef): [string, string] {
  const aliases = "alias" in definition ? [definition.alias ?? []].flat() : [];
  const names = [...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)), `--${name}`];
  const value = definition.type === "boolean" ? "" : ` <${definition.valueHint ?? name}>`;
  return [`${names.join(", ")}${value}`, definition.description ?? ""];
}

function section(title: string, rows: ReadonlyArray<[label: string, text: string]>): string[] {
  if (rows.length === 0) return [];
  const widest = Math.max(...rows.map(([label]) => label.length));
  const indent = Math.min(widest, LARGEST_LABEL) + 4;
  return ["", `${title}:`, ...rows.flatMap(([label, text]) => layOut(`  ${label}`, text, indent))];
}

/** A label and its text beside it, or below it when the label is too long. */
function layOut(label: string, text: string, indent: number): string[] {
  const lines = wrap(text, WIDTH - indent).map((line) => " ".repeat(indent) + line);
  const [first = "", ...rest] = lines;
  if (label.length + 2 > indent) return [label, ...lines];
  return [label.padEnd(indent) + first.trimStart(), ...rest];
}
