import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { RestoreConflict, type RestoreOutcome } from "../../wire/restore.ts";
import { toRow } from "./command.ts";
import type { BridgeCommand } from "./schema.ts";
import type { BridgeService } from "./service.ts";

export interface CommandRestorerDependencies {
  bridge: BridgeService;
}

/** Restores bridge commands of fixtures. */
export class CommandRestorer {
  readonly #context: OpikContext;
  readonly #bridge: BridgeService;

  constructor(context: OpikContext, dependencies: CommandRestorerDependencies) {
    this.#context = context;
    this.#bridge = dependencies.bridge;
  }

  /**
   * Restores a command at the end of the queue, also when the queue is full. An existing command is not changed,
   * because its state may have moved on.
   * @throws RestoreConflict when the id belongs to a command of another runner
   */
  restore(owner: Owner, command: BridgeCommand): RestoreOutcome {
    return this.#context.database.transaction(() => {
      const existing = this.#bridge.find(command.command_id);
      if (existing !== undefined && existing.runner_id !== command.runner_id)
        throw new RestoreConflict(`the id ${command.command_id} belongs to a command of another runner`);
      if (existing !== undefined) return "unchanged";
      this.#bridge.add(toRow(owner, command));
      return "added";
    });
  }
}
