import { flag, integer, json, text } from "../../database/column.ts";
import type { Database } from "../../database/database.ts";
import { type Row, Table } from "../../database/table.ts";
import type { Owner } from "../access/owner.ts";
import { time } from "../wire/columns.ts";
import type { RunnerType } from "./schema.ts";

export const RUNNERS = new Table("runners", {
  id: text(),
  workspace: text(),
  user: text(),
  project_id: text(),
  type: text<RunnerType>(),
  name: text().changing(),
  capabilities_json: json().changing(),
  checklist_json: json().nullable().changing(),
  connected_at: time(),
  /** When the last heartbeat stops counting; `refresh` and `extendConnections` change it. */
  alive_until: time(),
  /** 1: connected without heartbeats (fixtures). */
  keep_alive: flag().default(0).changing(),
});

export type RunnerRow = Row<typeof RUNNERS>;

const AGENTS = new Table("agents", {
  runner_id: text(),
  /** Its place in the order of registration, from 0. */
  position: integer(),
  name: text(),
  timeout_seconds: integer(),
  definition_json: json(),
});

export type AgentRow = Row<typeof AGENTS>;

/** The SQL of runners and their agents. */
export class RunnerStore {
  readonly #insert;
  readonly #find;
  readonly #findCurrent;
  readonly #list;
  readonly #all;
  readonly #deadSince;
  readonly #refresh;
  readonly #extendConnections;
  readonly #setCapabilities;
  readonly #setChecklist;
  readonly #update;
  readonly #delete;
  readonly #agents;
  readonly #agentNames;
  readonly #agentTimeout;
  readonly #insertAgent;
  readonly #deleteAgents;
  /** By id. */
  readonly #rows;
  /** The ids of the current runners, by slot. */
  readonly #slots;
  /** By runner and name of the agent. */
  readonly #timeouts;

  constructor(database: Database) {
    this.#rows = database.memory<RunnerRow>("runners");
    this.#slots = database.memory<Pick<RunnerRow, "id">>("runners by slot");
    this.#timeouts = database.memory<Pick<AgentRow, "timeout_seconds">>("time-outs of agents");
    this.#insert = RUNNERS.insert(database);
    this.#find = database.prepare<[string], RunnerRow>(`SELECT ${RUNNERS.list} FROM runners WHERE id = ?`);
    this.#findCurrent = database.prepare<[string, string, string, RunnerType], RunnerRow>(
      `SELECT ${RUNNERS.list} FROM runners WHERE workspace = ? AND project_id = ? AND user = ? AND type = ?`,
    );
    this.#list = database.prepare<[string, string, string], RunnerRow>(
      `SELECT ${RUNNERS.list} FROM runners WHERE workspace = +? AND project_id = +? AND user = +? ORDER BY sequence DESC`,
    );
    this.#all = database.prepare<[], RunnerRow>(`SELECT ${RUNNERS.list} FROM runners ORDER BY sequence`);
    this.#deadSince = database.prepare<[number, number], RunnerRow>(
      `SELECT ${RUNNERS.list} FROM runners WHERE alive_until <= +? AND keep_alive = 0 LIMIT +?`,
    );
    this.#refresh = database.prepare<[number, string]>("UPDATE runners SET alive_until = ? WHERE id = ?");
    this.#extendConnections = database.prepare<[number, number]>(
      "UPDATE runners SET alive_until = alive_until + ? WHERE alive_until > ?",
    );
    this.#setCapabilities = database.prepare<[string, string]>("UPDATE runners SET capabilities_json = ? WHERE id = ?");
    this.#setChecklist = database.prepare<[string, string]>("UPDATE runners SET checklist_json = ? WHERE id = ?");
    this.#update = RUNNERS.update(database);
    this.#delete = database.prepare<[string]>("DELETE FROM runners WHERE id = ?");
    this.#agents = database.prepare<[string], AgentRow>(
      `SELECT ${AGENTS.list} FROM agents WHERE runner_id = +? ORDER BY position`,
    );
    this.#agentNames = database.prepare<[], Pick<AgentRow, "runner_id" | "name">>(
      "SELECT runner_id, name FROM agents ORDER BY runner_id, position",
    );
    this.#agentTimeout = database.prepare<[string, string], Pick<AgentRow, "timeout_seconds">>(
      "SELECT timeout_seconds FROM agents WHERE runner_id = ? AND name = ?",
    );
    this.#insertAgent = AGENTS.insert(database);
    this.#deleteAgents = database.prepare<[string]>("DELETE FROM agents WHERE runner_id = ?");
  }

  insert(row: RunnerRow): void {
    this.#insert.run(row);
    this.#slots.dropAll();
  }

  find(id: string): RunnerRow | undefined {
    return this.#rows.get(id, () => this.#find.get(id));
  }

  /** The current runner of a type for a project and owner. */
  findCurrent(owner: Owner, projectId: string, type: RunnerType): RunnerRow | undefined {
    const slot = [owner.workspace, projectId, owner.user, type] as const;
    const current = this.#slots.get(JSON.stringify(slot), () => this.#findCurrent.get(...slot));
    return current && this.find(current.id);
  }

  /** Newest first. */
  list(owner: Owner, projectId: string): RunnerRow[] {
    return this.#list.all(owner.workspace, projectId, owner.user);
  }

  all(): RunnerRow[] {
    return this.#all.all();
  }

  /** Runners whose last heartbeat stopped counting at `time` or before. */
  deadSince(time: number, limit: number): RunnerRow[] {
    return this.#deadSince.all(time, limit);
  }

  refresh(id: string, aliveUntil: number): void {
    this.#rows.drop(id);
    this.#refresh.run(aliveUntil, id);
  }

  /** Lets the heartbeats of runners that were connected at `since` count for so many milliseconds longer. */
  extendConnections(byMs: number, since: number): void {
    this.#rows.dropAll();
    this.#extendConnections.run(byMs, since);
  }

  setCapabilities(id: string, json: string): void {
    this.#rows.drop(id);
    this.#setCapabilities.run(json, id);
  }

  setChecklist(id: string, json: string): void {
    this.#rows.drop(id);
    this.#setChecklist.run(json, id);
  }

  /** Writes everything but the times. */
  update(row: RunnerRow): void {
    this.#rows.drop(row.id);
    this.#update.run(row);
  }

  /** Deletes the runner with its agents. */
  delete(id: string): void {
    this.#rows.drop(id);
    this.#slots.dropAll();
    this.#timeouts.dropAll();
    this.#delete.run(id);
  }

  /** The names of all agents, those of a runner in the order of their registration. */
  agentNames(): Array<Pick<AgentRow, "runner_id" | "name">> {
    return this.#agentNames.all();
  }

  /** In the order of their registration. */
  agents(runnerId: string): AgentRow[] {
    return this.#agents.all(runnerId);
  }

  /** The time-out of an agent in seconds; `undefined` when the runner has no agent of that name. */
  agentTimeout(runnerId: string, name: string): number | undefined {
    const key = JSON.stringify([runnerId, name]);
    return this.#timeouts.get(key, () => this.#agentTimeout.get(runnerId, name))?.timeout_seconds;
  }

  replaceAgents(runnerId: string, agents: ReadonlyArray<Omit<AgentRow, "runner_id" | "position">>): void {
    this.#timeouts.dropAll();
    this.#deleteAgents.run(runnerId);
    for (const [position, agent] of agents.entries()) {
      this.#insertAgent.run(AGENTS.row({ ...agent, runner_id: runnerId, position }));
    }
  }
}
