import type { LongList } from "../../../core/long-list.ts";
import type { Database } from "../../../database/database.ts";
import { tableInParts } from "../../../database/rows-in-parts.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type CommandRow, COMMANDS } from "./command.ts";
import type { CommandStatus } from "./schema.ts";

/** The SQL of bridge commands. */
export class CommandStore {
  readonly #insert;
  readonly #find;
  readonly #all;
  readonly #countByStatus;
  readonly #pending;
  readonly #hasPending;
  readonly #countPending;
  readonly #newest;
  readonly #unfinished;
  readonly #unfinishedOfRunner;
  readonly #update;
  readonly #unacknowledged;
  readonly #acknowledge;
  readonly #delete;
  readonly #deleteCompleted;

  constructor(database: Database) {
    this.#insert = COMMANDS.insert(database);
    this.#find = database.prepare<[string], CommandRow>(`SELECT ${COMMANDS.list} FROM bridge_commands WHERE id = ?`);
    const large = ["args_json", "result_json", "error_json"];
    this.#all = tableInParts(database, { table: "bridge_commands", large }, (id) => this.find(id));
    this.#countByStatus = database.prepare<[], { status: CommandStatus; count: number }>(
      "SELECT status, count FROM bridge_command_counts WHERE count > 0",
    );
    // Without the index hint, SQLite reads all commands of the runner.
    this.#pending = database.prepare<[string, number], CommandRow>(
      `SELECT ${COMMANDS.list} FROM bridge_commands INDEXED BY bridge_commands_pending
       WHERE runner_id = +? AND status = 'pending' ORDER BY sequence LIMIT +?`,
    );
    this.#hasPending = database
      .prepare<[string], 0 | 1>(
        "SELECT EXISTS (SELECT 1 FROM bridge_commands WHERE runner_id = ? AND status = 'pending')",
      )
      .pluck();
    this.#countPending = database
      .prepare<[string], number>("SELECT count(*) FROM bridge_commands WHERE runner_id = ? AND status = 'pending'")
      .pluck();
    this.#newest = database.prepare<[string, number], CommandRow>(
      `SELECT ${COMMANDS.list} FROM bridge_commands WHERE runner_id = +? ORDER BY sequence DESC LIMIT +?`,
    );
    this.#unfinished = database.prepare<[], CommandRow>(
      `SELECT ${COMMANDS.list} FROM bridge_commands WHERE completed_at IS NULL ORDER BY sequence`,
    );
    this.#unfinishedOfRunner = database.prepare<[string], CommandRow>(
      `SELECT ${COMMANDS.list} FROM bridge_commands WHERE runner_id = +? AND completed_at IS NULL ORDER BY sequence`,
    );
    this.#update = database.prepare<[CommandRow]>(
      `UPDATE bridge_commands SET ${COMMANDS.assignments}, unacknowledged = :status = 'picked_up' WHERE id = :id`,
    );
    this.#unacknowledged = database.prepare<[], CommandRow>(
      `SELECT ${COMMANDS.list} FROM bridge_commands WHERE completed_at IS NULL AND unacknowledged = 1 ORDER BY sequence`,
    );
    this.#acknowledge = database.prepare<[string]>(
      `UPDATE bridge_commands SET unacknowledged = 0
       WHERE id IN (SELECT value FROM json_each(?)) AND unacknowledged = 1`,
    );
    this.#delete = database.prepare<[string]>("DELETE FROM bridge_commands WHERE id = ?");
    this.#deleteCompleted = new SlicedDeletion(database, {
      table: "bridge_commands",
      key: ["sequence"],
      condition: "completed_at <= +:time",
      order: "completed_at",
    });
  }

  insert(row: CommandRow): void {
    this.#insert.run(row);
  }

  find(id: string): CommandRow | undefined {
    return this.#find.get(id);
  }

  /** All commands of all runners, in the order in which they were submitted. */
  all(): LongList<CommandRow> {
    return this.#all;
  }

  /** How many commands are in each status that occurs. */
  countByStatus(): Array<{ status: CommandStatus; count: number }> {
    return this.#countByStatus.all();
  }

  /** A runner's pending commands, oldest first. */
  pending(runnerId: string, limit: number): CommandRow[] {
    return this.#pending.all(runnerId, limit);
  }

  hasPending(runnerId: string): boolean {
    return this.#hasPending.get(runnerId) === 1;
  }

  countPending(runnerId: string): number {
    return this.#countPending.get(runnerId) ?? 0;
  }

  /** A runner's commands, newest first. */
  newest(runnerId: string, limit: number): CommandRow[] {
    return this.#newest.all(runnerId, limit);
  }

  /** Pending and picked-up commands, of one runner or of all, oldest first. */
  unfinished(runnerId?: string): CommandRow[] {
    return runnerId === undefined ? this.#unfinished.all() : this.#unfinishedOfRunner.all(runnerId);
  }

  /** Writes a change of a command. One that is picked up by it is not acknowledged yet. */
  update(row: CommandRow): void {
    this.#update.run(row);
  }

  /** Picked-up commands that no client has acknowledged, oldest first. */
  unacknowledged(): CommandRow[] {
    return this.#unacknowledged.all();
  }

  /** Clears the marks of these commands, whose assignments are acknowledged. */
  acknowledge(ids: readonly string[]): void {
    this.#acknowledge.run(JSON.stringify(ids));
  }

  delete(id: string): void {
    this.#delete.run(id);
  }

  /** Deletes commands that ended at `time` or before. */
  deleteCompleted(time: number): boolean {
    return this.#deleteCompleted.run(time);
  }
}
