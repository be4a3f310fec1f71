import { StateMachine } from "../../../core/state-machine.ts";
import type { CommandStatus } from "./schema.ts";

/** The allowed changes of a command's status [opik 3.4]. */
export const COMMAND_TRANSITIONS: Readonly<Record<CommandStatus, readonly CommandStatus[]>> = {
  pending: ["picked_up", "completed", "failed", "timed_out"],
  // Back to pending: the client did not read the answer that assigned the command.
  picked_up: ["pending", "completed", "failed", "timed_out"],
  completed: [],
  failed: [],
  timed_out: [],
};

export const COMMAND_STATES: StateMachine<CommandStatus> = new StateMachine(COMMAND_TRANSITIONS);
