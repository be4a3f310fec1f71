import type { Background } from "../../../core/background.ts";
import { Deadlines } from "../../../core/deadlines.ts";
import { stringifyJson } from "../../../core/json.ts";
import { WaitingLine } from "../../../core/waiting-line.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { OpikError } from "../../wire/errors.ts";
import { RunnerQueue } from "../runner-queue.ts";
import type { RunnerService } from "../service.ts";
import { type CommandRow, deadlineOf, pendingRow, toCommand, toItem } from "./command.ts";
import { BridgeLimits } from "./limits.ts";
import { commandNotFound, CommandReader } from "./reader.ts";
import type { BridgeCommand, CommandItem, CreateCommandRequest, ReportCommandRequest } from "./schema.ts";
import { COMMAND_STATES } from "./state-machine.ts";
import { CommandStates } from "./states.ts";
import { CommandStore } from "./store.ts";

export interface BridgeServiceDependencies {
  runners: RunnerService;
}

/** The rules of bridge commands: commands for a runner with the capability `bridge` [opik 3.4]. */
export class BridgeService extends CommandReader implements Background {
  readonly #context: OpikContext;
  readonly #limits: BridgeLimits;
  readonly #states: CommandStates;
  readonly #queue: RunnerQueue<CommandRow, CommandItem>;
  /** Submitters that wait for the end of a command, by command. */
  readonly #waits: WaitingLine<BridgeCommand>;
  readonly #deadlines: Deadlines;

  constructor(context: OpikContext, dependencies: BridgeServiceDependencies) {
    const { clock, openPolls, reportError } = context;
    super(new CommandStore(context.database), dependencies.runners);
    this.#context = context;
    this.#limits = new BridgeLimits(context.config, clock);
    this.#states = new CommandStates(context, this.store);
    this.#queue = new RunnerQueue(context, {
      pollTimeoutMs: context.config.bridgePollTimeoutMs,
      assigned: "picked_up",
      hasPending: (runnerId) => this.store.hasPending(runnerId),
      take: (runnerId, limit) => this.#pickUp(runnerId, limit),
      find: (id) => this.store.find(id),
      marked: () => this.store.unacknowledged(),
      clearMarks: (ids) => this.store.acknowledge(ids),
      putBack: (row) => this.#states.move(row, { status: "pending", picked_up_at: null }),
    });
    this.#waits = new WaitingLine(clock, openPolls);
    this.#deadlines = new Deadlines({ clock, onDue: (id) => this.#giveUp(id), onError: reportError });
    this.runners.onRemoval((runner) => this.#timeOutAllOf(runner.id));
  }

  /**
   * Takes back the commands that were assigned when the server was killed and that no client had acknowledged, and
   * takes up the deadlines of all that have not ended.
   */
  start(): void {
    this.#queue.start();
    for (const row of this.store.unfinished()) this.follow(row);
  }

  /** Answers all open polls with the empty answer. */
  dismissAll(): void {
    this.#queue.dismissAll();
  }

  /** Clears what is not in the database, and ends waits for results; open polls go on. */
  reset(): void {
    this.#queue.reset();
    this.#waits.dismissAll();
    this.#deadlines.forgetAll();
    this.#limits.reset();
  }

  /** Ends all open polls, also later ones, and stops timing commands out. */
  stop(): void {
    this.#queue.close();
    this.#waits.close();
    this.#deadlines.close();
  }

  /** Takes back the commands that no client has acknowledged, when nothing can be acknowledged any more. */
  takeBackUnread(): void {
    this.#queue.takeBackUnread();
  }

  /** Updates the queue, the waiting requests and the deadline after a command has changed. */
  follow(command: CommandRow): void {
    const { id, status } = command;
    this.#queue.follow(command);
    if (COMMAND_STATES.isFinal(status)) {
      this.#deadlines.forget(id);
      this.#waits.notify(id);
      return;
    }
    this.#deadlines.set(id, deadlineOf(command));
  }

  /** Ends the open polls of a runner that is gone. */
  dismiss(runnerId: string): void {
    this.#queue.dismiss(runnerId);
  }

  /** Whether the runner polls for commands (see `RunnerQueue.isPolledBy`). */
  isPolledBy(runnerId: string): boolean {
    return this.#queue.isPolledBy(runnerId);
  }

  /** The ids of the runners that are about to poll for commands. */
  get expectedPolls(): Set<string> {
    return this.#queue.expectedPolls;
  }

  /** The number of open polls for commands of this runner. */
  openPollsOf(runnerId: string): number {
    return this.#queue.openPollsOf(runnerId);
  }

  /**
   * Queues a command for a runner.
   * @returns its id
   * @throws OpikError in the real server's order [opik 2.15]: 404 no such runner or not connected, 409 no
   * bridge, 429 queue full or too many in this minute, 400 arguments too large
   */
  create(owner: Owner, runnerId: string, request: CreateCommandRequest): string {
    return this.#context.database.transaction(() => {
      const runner = this.runners.require(owner, runnerId);
      if (!this.runners.isConnected(runner)) throw OpikError.errors(404, "Runner is not connected");
      if (!this.runners.capabilities(runner).includes("bridge")) {
        throw OpikError.errors(409, "Runner does not support bridge commands");
      }
      this.#limits.checkPending(this.store.countPending(runnerId));
      this.#limits.checkRates(runnerId, request.type);
      const tooLarge = this.#limits.tooLarge("args", request.args);
      if (tooLarge !== undefined) throw OpikError.errors(400, tooLarge);
      const row = pendingRow(owner, request, {
        id: this.#context.ids.uuid(),
        runnerId,
        timeoutSeconds: this.#limits.timeoutSeconds(request.timeout_seconds),
        submittedAt: this.#context.clock.now(),
      });
      this.add(row);
      return row.id;
    });
  }

  /** Restores a command in any status, also when the queue is full, and emits an event. */
  add(row: CommandRow): void {
    this.#context.database.transaction(() => this.#states.add(row));
  }

  /**
   * The runner's next commands, now picked up; waits for the first one.
   * @param maxCommands default 10, at most 20
   * @returns an empty list when none came in time; `undefined` when the server is stopping. The Python SDK asks
   * again at once after any answer, so it must not receive one then [opik 4.1].
   * @throws OpikError 404, also when the runner is removed while it waits
   */
  async next(
    owner: Owner,
    runnerId: string,
    maxCommands: number | undefined,
    signal: AbortSignal,
  ): Promise<CommandItem[] | undefined> {
    const runner = this.runners.require(owner, runnerId);
    const commands = await this.#queue.next(runner, this.#limits.batchSize(maxCommands), signal);
    if (commands !== undefined) return commands;
    if (this.#queue.closed) return undefined;
    this.runners.require(owner, runnerId);
    return [];
  }

  /**
   * Assigns a pending command to a runner in this process, which needs no poll and acknowledges it at once.
   * @returns whether the command was pending
   */
  assign(id: string): boolean {
    return this.#context.database.transaction(() => {
      const row = this.store.find(id);
      if (row?.status !== "pending") return false;
      this.#states.move(row, { status: "picked_up", picked_up_at: this.#context.clock.now() });
      this.store.acknowledge([id]);
      return true;
    });
  }

  /** Takes back commands whose poll did not read the answer: they are pending again, at their old places. */
  takeBack(ids: readonly string[]): void {
    this.#queue.takeBack(ids);
  }

  /** Acknowledges commands whose poll has read the answer. */
  acknowledge(ids: readonly string[]): void {
    this.#queue.acknowledge(ids);
  }

  /**
   * The command when it has ended, or as it is after `timeoutSeconds` (1 to 120).
   * @throws OpikError 404, also when the command expires while it is waited for
   */
  async getWhenEnded(
    owner: Owner,
    runnerId: string,
    id: string,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<BridgeCommand> {
    this.require(owner, runnerId, id);
    const ended = await this.#waits.wait({
      key: id,
      timeoutMs: this.#limits.waitMs(timeoutSeconds),
      signal,
      take: () => {
        const command = this.find(id) ?? commandNotFound(id);
        return COMMAND_STATES.isFinal(command.status) ? command : undefined;
      },
    });
    return ended ?? this.find(id) ?? commandNotFound(id);
  }

  /**
   * Stores a runner's report on a command; only the first report counts. A report that is too large is refused and
   * fails the command: the SDK gives up after three tries, and the submitter would wait until the timeout [opik 8.16].
   * @throws OpikError 400 for a status a runner cannot report, for nothing to report or too much, 404, 409 when the
   * command has ended
   */
  report(owner: Owner, runnerId: string, id: string, report: ReportCommandRequest): void {
    const { status, result, error } = report;
    if (status !== "completed" && status !== "failed") {
      throw OpikError.errors(400, "Invalid result status. Must be one of: [COMPLETED, FAILED]");
    }
    if (result === undefined && error === undefined) {
      throw OpikError.errors(400, "Either result or error must be provided");
    }
    const tooLarge = this.#limits.tooLarge("result", result) ?? this.#limits.tooLarge("error", error);
    if (tooLarge !== undefined) {
      this.#failUnreportable(owner, runnerId, id, tooLarge);
      throw OpikError.errors(400, tooLarge);
    }
    this.#context.database.transaction(() => {
      const row = this.require(owner, runnerId, id);
      if (COMMAND_STATES.isFinal(row.status)) throw OpikError.errors(409, "Command already completed");
      this.#states.end(row, status, {
        result_json: result?.text ?? null,
        error_json: error?.text ?? null,
        duration_ms: report.duration_ms ?? null,
      });
    });
  }

  /**
   * Deletes the commands that ended longer ago than they are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.store.deleteCompleted(this.#context.clock.now() - this.#context.config.bridgeCompletedCommandTtlMs);
  }

  /** The commands of a runner that wait, in the order in which they were submitted. */
  pendingOf(runnerId: string): BridgeCommand[] {
    return this.store.pending(runnerId, this.#context.config.bridgeMaxPendingPerRunner).map(toCommand);
  }

  #pickUp(runnerId: string, limit: number): ReadonlyMap<string, CommandItem> {
    const change = { status: "picked_up", picked_up_at: this.#context.clock.now() } as const;
    const rows = this.store.pending(runnerId, limit);
    return new Map(rows.map((row) => [row.id, toItem(toCommand(this.#states.move(row, change)))]));
  }

  /** A submitter sees `error` as the runner would have written it: a code and a message. */
  #failUnreportable(owner: Owner, runnerId: string, id: string, message: string): void {
    this.#context.database.transaction(() => {
      if (this.runners.find(owner, runnerId) === undefined) return;
      const row = this.store.find(id);
      if (row?.runner_id !== runnerId || COMMAND_STATES.isFinal(row.status)) return;
      this.#states.end(row, "failed", { error_json: stringifyJson({ code: "payload_too_large", message }) });
    });
  }

  #timeOutAllOf(runnerId: string): void {
    for (const row of this.store.unfinished(runnerId)) this.#states.end(row, "timed_out");
  }

  /**
   * Times a command out. A command that was never picked up is deleted, too: the real server answers 404 from then on,
   * although it still counts it against the limit of pending commands [opik 8.15].
   */
  #giveUp(id: string): void {
    this.#context.database.transaction(() => {
      const row = this.store.find(id);
      if (row === undefined || COMMAND_STATES.isFinal(row.status)) return;
      this.#states.end(row, "timed_out");
      if (row.status === "pending") this.store.delete(id);
    });
  }
}
