import type { OpikContext } from "../../context.ts";
import { toCommand } from "./command.ts";
import type { BridgeCommand, CommandStatus } from "./schema.ts";
import type { CommandRow, CommandState, CommandStore } from "./store.ts";

/** Creates commands and changes their status, and emits an event for each change. Call it inside a transaction. */
export class CommandStates {
  readonly #context: OpikContext;
  readonly #store: CommandStore;

  constructor(context: OpikContext, store: CommandStore) {
    this.#context = context;
    this.#store = store;
  }

  add(row: CommandRow): void {
    this.#store.insert(row);
    this.#context.events.emit("bridge:command:changed", { command: toCommand(row) });
  }

  /** @returns the command as it is then */
  move(row: CommandRow, change: Partial<CommandState>): BridgeCommand {
    const next = { ...row, ...change };
    this.#store.update(next);
    const command = toCommand(next);
    this.#context.events.emit("bridge:command:changed", { command, from: row.status });
    return command;
  }

  /** Moves a command to a status that is final. */
  end(row: CommandRow, status: CommandStatus, change: Partial<CommandState> = {}): void {
    this.move(row, { ...change, status, completed_at: this.#context.clock.now() });
  }
}
