import type { ArgsDef } from "citty";
import type { Clock } from "../core/clock.ts";
import { VirtualClock } from "../core/virtual-clock.ts";
import { CommandError, EXIT } from "./failures.ts";
import type { Terminal } from "./terminal.ts";

export type ClockKind = "system" | "virtual";

/** The flag of commands that start a server. */
export const CLOCK_FLAG: ArgsDef = {
  clock: {
    type: "string",
    valueHint: "kind",
    description: "system, or virtual: time stands still until it is advanced (system)",
  },
};

/** @throws CommandError for another kind */
export function clockOf(given: unknown): ClockKind {
  if (given === undefined || given === "system" || given === "virtual") return given ?? "system";
  throw new CommandError(`--clock is "${String(given)}", but should be system or virtual.`, EXIT.usage);
}

/** The clock of a server. */
export function createClock(kind: ClockKind, { clock }: Pick<Terminal, "clock">): Clock {
  return kind === "virtual" ? new VirtualClock() : clock;
}
