import type { CommandDef } from "citty";
import type { Usage } from "./usage.ts";

/** One command; its code is loaded when it is called. */
export interface CommandEntry {
  description: string;
  examples: Usage["examples"];
  /** Whether it runs a program that is written after `--`. */
  takesProgram?: true;
  /** The flag for which `--json '{...}'` is another name; `--json` alone asks for JSON as the output. */
  jsonFlag?: string;
  load(): Promise<CommandDef>;
}
