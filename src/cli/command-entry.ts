import type { CommandDef } from "citty";
import type { Usage } from "./usage.ts";

/** One command; its code is loaded when it is called. */
export interface CommandEntry {
  description: string;
  examples: Usage["examples"];
  /** Whether it runs a program that is written after `--`. */
  takesProgram?: true;
  load(): Promise<CommandDef>;
}
