import type { LongList } from "../../../core/long-list.ts";
import type { Owner } from "../../access/owner.ts";
import { OpikError } from "../../wire/errors.ts";
import type { RunnerService } from "../service.ts";
import { type CommandRow, toCommand } from "./command.ts";
import type { BridgeCommand, CommandStatus } from "./schema.ts";
import type { CommandStore } from "./store.ts";

/** How bridge commands are read and listed. */
export class CommandReader {
  protected readonly store: CommandStore;
  protected readonly runners: RunnerService;

  protected constructor(store: CommandStore, runners: RunnerService) {
    this.store = store;
    this.runners = runners;
  }

  /** Finds the command of any owner. */
  find(id: string): BridgeCommand | undefined {
    const row = this.store.find(id);
    return row && toCommand(row);
  }

  /** A runner's commands, newest first. @throws OpikError 404 */
  newest(owner: Owner, runnerId: string, limit: number): BridgeCommand[] {
    this.runners.require(owner, runnerId);
    return this.store.newest(runnerId, limit).map(toCommand);
  }

  /** @throws OpikError 404 */
  get(owner: Owner, runnerId: string, id: string): BridgeCommand {
    return toCommand(this.require(owner, runnerId, id));
  }

  /** All commands of all runners, also of runners that are gone, in the order in which they were submitted. */
  all(): BridgeCommand[] {
    return [...this.each()];
  }

  /** The same, read when they are needed. */
  each(): LongList<BridgeCommand> {
    return this.store.all().map(toCommand);
  }

  /** How many commands are in each status that occurs. */
  countByStatus(): Array<{ status: CommandStatus; count: number }> {
    return this.store.countByStatus();
  }

  /** @throws OpikError 404 */
  protected require(owner: Owner, runnerId: string, id: string): CommandRow {
    this.runners.require(owner, runnerId);
    const row = this.store.find(id);
    return row?.runner_id === runnerId ? row : commandNotFound(id);
  }
}

export function commandNotFound(id: string): never {
  throw OpikError.message(404, `Command not found: ${id}`);
}
