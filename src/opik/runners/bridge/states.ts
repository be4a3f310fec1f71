import type { Clock } from "../../../core/clock.ts";
import type { EventBus } from "../../../core/events.ts";
import type { OpikEvents } from "../../events.ts";
import { toCommand } from "./command.ts";
import type { BridgeCommand, CommandStatus } from "./schema.ts";
import type { CommandRow, CommandState, CommandStore } from "./store.ts";

export interface CommandStatesOptions {
  store: CommandStore;
  events: EventBus<OpikEvents>;
  clock: Clock;
}

/** The only place where commands are made and change: what is written here is also told. Runs in transactions. */
export class CommandStates {
  readonly #store: CommandStore;
  readonly #events: EventBus<OpikEvents>;
  readonly #clock: Clock;

  constructor({ store, events, clock }: CommandStatesOptions) {
    this.#store = store;
    this.#events = events;
    this.#clock = clock;
  }

  add(row: CommandRow): void {
    this.#store.insert(row);
    this.#events.emit("bridge:command:changed", { command: toCommand(row) });
  }

  /** @returns the command as it is then */
  move(row: CommandRow, change: Partial<CommandState>): BridgeCommand {
    const next = { ...row, ...change };
    this.#store.update(next);
    const command = toCommand(next);
    this.#events.emit("bridge:command:changed", { command, from: row.status });
    return command;
  }

  /** Moves a command to a status that is final. */
  end(row: CommandRow, status: CommandStatus, change: Partial<CommandState> = {}): void {
    this.move(row, { ...change, status, completed_at: this.#clock.now() });
  }
}
