import type { OpikContext } from "../../context.ts";
import type { CommandChange, CommandRow } from "./command.ts";
import type { CommandStatus } from "./schema.ts";
import { COMMAND_STATES } from "./state-machine.ts";
import type { CommandStore } from "./store.ts";

/** Creates commands and changes their status, and emits an event for each change. All of it needs an open transaction. */
export class CommandStates {
  readonly #context: OpikContext;
  readonly #store: CommandStore;

  constructor(context: OpikContext, store: CommandStore) {
    this.#context = context;
    this.#store = store;
  }

  add(row: CommandRow): void {
    this.#context.database.requireTransaction();
    this.#store.insert(row);
    this.#context.events.emit("bridge:command:changed", { command: row });
  }

  /**
   * @returns the command as it is then
   * @throws Error for a change of status that the table of transitions does not allow
   */
  move(row: CommandRow, change: CommandChange & { status: CommandStatus }): CommandRow {
    this.#context.database.requireTransaction();
    COMMAND_STATES.requireMove(row.status, change.status);
    const next = { ...row, ...change };
    this.#store.update(next);
    this.#context.events.emit("bridge:command:changed", { command: next, from: row.status });
    return next;
  }

  /** Moves a command to a status that is final. */
  end(row: CommandRow, status: CommandStatus, change: CommandChange = {}): void {
    this.move(row, { ...change, status, completed_at: this.#context.clock.now() });
  }
}
