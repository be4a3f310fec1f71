import { parseJson, RawJson, stringifyJson } from "../../core/json.ts";
import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import type { OpikEvents } from "../events.ts";
import { OpikError } from "../wire/errors.ts";
import { mergeChecklist } from "./checklist.ts";
import { notice } from "./notice.ts";
import type { Agent, AgentDefinition, LocalRunner, LocalRunnerPage, RunnerStatus, RunnerType } from "./schema.ts";
import { type RunnerRow, RUNNERS, RunnerStore } from "./store.ts";

/** The fields of a new runner. */
export interface NewRunner {
  id: string;
  projectId: string;
  type: RunnerType;
  name: string;
  /** Stays connected without heartbeats; default `false`. */
  keepAlive?: boolean;
}

/** Runs inside the transaction that removes a runner. */
type RemovalHook = (runner: RunnerRow) => void;

/** The number of dead runners that are removed at once; their jobs and commands end with them. */
const PURGED_AT_ONCE = 20;

/** The rules of runners: their owner, when they are connected, and when they are removed. */
export class RunnerService {
  readonly #context: OpikContext;
  readonly #store: RunnerStore;
  readonly #removalHooks: RemovalHook[] = [];

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new RunnerStore(context.database);
  }

  /** Registers work for the removal of a runner, which ends its jobs and bridge commands. */
  onRemoval(hook: RemovalHook): void {
    this.#removalHooks.push(hook);
  }

  /**
   * The runner, if this owner has it.
   * @throws OpikError 404
   */
  require(owner: Owner, id: string): RunnerRow {
    const runner = this.find(owner, id);
    if (runner === undefined) throw OpikError.message(404, `Runner not found: ${id}`);
    return runner;
  }

  /** The runner, if this owner has it. */
  find(owner: Owner, id: string): RunnerRow | undefined {
    const runner = this.#store.find(id);
    return runner?.workspace === owner.workspace && runner.user === owner.user ? runner : undefined;
  }

  /** Finds the runner of any owner. */
  byId(id: string): RunnerRow | undefined {
    return this.#store.find(id);
  }

  /** The runner of a type that serves a project now. */
  current(owner: Owner, projectId: string, type: RunnerType): RunnerRow | undefined {
    return this.#store.findCurrent(owner, projectId, type);
  }

  /** Every runner of every owner, oldest first. */
  all(): RunnerRow[] {
    return this.#store.all();
  }

  /** Whether the runner's last heartbeat still counts. */
  isConnected(runner: RunnerRow): boolean {
    return runner.keep_alive === 1 || runner.alive_until > this.#context.clock.now();
  }

  capabilities(runner: RunnerRow): string[] {
    return JSON.parse(runner.capabilities_json) as string[];
  }

  checklist(runner: RunnerRow): RawJson | undefined {
    return runner.checklist_json === null ? undefined : new RawJson(runner.checklist_json);
  }

  agentTimeoutSeconds(runner: RunnerRow, agentName: string): number | undefined {
    return this.#store.agentTimeout(runner.id, agentName);
  }

  get(owner: Owner, id: string): LocalRunner {
    return this.#toWire(this.require(owner, id));
  }

  /** One page of the owner's runners of a project, newest first. `page` counts from 0. */
  list(
    owner: Owner,
    projectId: string,
    filter: { status: RunnerStatus | undefined; page: number; size: number },
  ): LocalRunnerPage {
    const runners = this.#store
      .list(owner, projectId)
      .filter((runner) => filter.status === undefined || this.#status(runner) === filter.status);
    const start = filter.page * filter.size;
    return {
      page: filter.page,
      size: filter.size,
      total: runners.length,
      content: runners.slice(start, start + filter.size).map((runner) => this.#toWire(runner)),
    };
  }

  /** Creates a connected runner. It evicts the current runner of its type. */
  activate(owner: Owner, { id, projectId, type, name, keepAlive = false }: NewRunner): void {
    const now = this.#context.clock.now();
    const row = RUNNERS.row({
      id,
      workspace: owner.workspace,
      user: owner.user,
      project_id: projectId,
      type,
      name,
      capabilities_json: '["jobs"]',
      connected_at: now,
      alive_until: now + this.#context.config.heartbeatTtlMs,
      keep_alive: keepAlive ? 1 : 0,
    });
    this.add(row);
  }

  /** Restores a runner in place of the current one of its type, and emits events for both. */
  add(row: RunnerRow): void {
    this.#context.database.transaction(() => {
      const previous = this.#store.findCurrent(row, row.project_id, row.type);
      if (previous !== undefined) this.#remove(previous, "evicted");
      this.#store.insert(row);
      this.#tellConnection(row);
    });
  }

  /** Writes all columns of a runner but its times, and emits an event if it was connected or disconnected by that. */
  update(row: RunnerRow): void {
    this.#context.database.transaction(() => {
      const wasKeptAlive = this.byId(row.id)?.keep_alive;
      this.#store.update(row);
      if (row.keep_alive !== wasKeptAlive) this.#tellConnection(row);
    });
  }

  /** Sets the agents of a runner, however many, in place of those it had. */
  replaceAgents(runner: RunnerRow, agents: readonly Agent[]): void {
    this.#context.database.transaction(() => {
      this.#store.replaceAgents(
        runner.id,
        agents.map((agent) => ({
          name: agent.name,
          timeout_seconds: agent.timeout,
          definition_json: stringifyJson(agent),
        })),
      );
      this.#context.events.emit("runner:agents:registered", { ...notice(runner), agents });
    });
  }

  /** The agents of a runner, in the order of their registration, whether or not it is connected. */
  agents(runnerId: string): Agent[] {
    return this.#store.agents(runnerId).map((row) => parseJson(row.definition_json) as Agent);
  }

  /** The names of the agents of all runners, those of a runner in the order of their registration. */
  agentNames(): Array<{ runner_id: string; name: string }> {
    return this.#store.agentNames();
  }

  /** Disconnects a runner. Does nothing when there is none: the real server always answers 204. */
  disconnect(owner: Owner, id: string): void {
    this.#context.database.transaction(() => {
      const runner = this.find(owner, id);
      if (runner !== undefined) this.#remove(runner, "disconnected");
    });
  }

  /**
   * Removes some of the runners that have been dead for `deadForMs` or longer.
   * @returns whether there may be more to remove
   */
  purgeDead(deadForMs: number): boolean {
    return this.#context.database.transaction(() => {
      const dead = this.#store.deadSince(this.#context.clock.now() - deadForMs, PURGED_AT_ONCE);
      for (const runner of dead) this.#remove(runner, "purged");
      return dead.length === PURGED_AT_ONCE;
    });
  }

  /** Records a heartbeat; a disconnected runner becomes connected. */
  refresh(runner: RunnerRow): void {
    this.#context.database.transaction(() => {
      this.#store.refresh(runner.id, this.#context.clock.now() + this.#context.config.heartbeatTtlMs);
      if (!this.isConnected(runner)) this.#context.events.emit("runner:connected", notice(runner));
    });
  }

  /** Removes a runner as a newer one of its type does. Without effect when there is none. */
  evict(id: string): void {
    this.#context.database.transaction(() => {
      const runner = this.byId(id);
      if (runner !== undefined) this.#remove(runner, "evicted");
    });
  }

  /**
   * Lets the heartbeats of connected runners count for longer: the time for which the computer was asleep does not
   * count, because its runners were asleep with it.
   */
  extendConnections(byMs: number): void {
    this.#store.extendConnections(byMs, this.#context.clock.now() - byMs);
  }

  /** Lets the heartbeats of these runners count for longer. */
  extendConnectionsOf(ids: readonly string[], byMs: number): void {
    this.#context.database.transaction(() => {
      for (const id of ids) {
        const runner = this.byId(id);
        if (runner !== undefined) this.#store.refresh(id, runner.alive_until + byMs);
      }
    });
  }

  setCapabilities(runner: RunnerRow, capabilities: readonly string[]): void {
    this.#store.setCapabilities(runner.id, JSON.stringify(capabilities));
  }

  /**
   * Replaces all agents of a runner.
   * @throws OpikError 404, or 400 for too many
   */
  registerAgents(owner: Owner, id: string, definitions: ReadonlyMap<string, AgentDefinition>): void {
    this.#context.database.transaction(() => {
      const runner = this.require(owner, id);
      if (definitions.size > this.#context.config.maxAgentsPerRunner) {
        throw OpikError.errors(400, `Too many agents. Maximum is ${this.#context.config.maxAgentsPerRunner}`);
      }
      this.replaceAgents(
        runner,
        [...definitions].map(([name, definition]) => ({ name, ...definition })),
      );
    });
  }

  /**
   * Merges a patch into the runner's checklist.
   * @throws OpikError 400 when it is not an object or grows too large, 404
   */
  patchChecklist(owner: Owner, id: string, patch: RawJson): void {
    if (!patch.isObject) throw OpikError.errors(400, "Checklist must be a JSON object");
    this.#context.database.transaction(() => {
      const runner = this.require(owner, id);
      const { text } = mergeChecklist(this.checklist(runner), patch);
      const limit = this.#context.config.bridgeMaxPayloadLength;
      if (text.length > limit) throw OpikError.errors(400, `Checklist too large: ${text.length} bytes (max ${limit})`);
      this.#store.setChecklist(id, text);
    });
  }

  #tellConnection(runner: RunnerRow): void {
    this.#context.events.emit(this.isConnected(runner) ? "runner:connected" : "runner:disconnected", notice(runner));
  }

  /** Removes the runners of a workspace: answers their open polls and ends their jobs and commands. */
  removeAllIn(workspace: string): void {
    this.#context.database.transaction(() => {
      for (const runner of this.#store.all()) if (runner.workspace === workspace) this.#remove(runner, "reset");
    });
  }

  #remove(runner: RunnerRow, reason: OpikEvents["runner:removed"]["reason"]): void {
    for (const hook of this.#removalHooks) hook(runner);
    this.#store.delete(runner.id);
    this.#context.events.emit("runner:removed", { ...notice(runner), reason });
  }

  #status(runner: RunnerRow): RunnerStatus {
    return this.isConnected(runner) ? "connected" : "disconnected";
  }

  #toWire(runner: RunnerRow): LocalRunner {
    const status = this.#status(runner);
    return {
      id: runner.id,
      name: runner.name,
      project_id: runner.project_id,
      status,
      connected_at: new Date(runner.connected_at).toISOString(),
      agents: status === "connected" ? this.agents(runner.id) : [],
      capabilities: this.capabilities(runner),
      checklist: this.checklist(runner),
      type: runner.type,
    };
  }
}
