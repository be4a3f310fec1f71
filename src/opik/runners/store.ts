import type { Database } from "../../database/database.ts";
import type { Owner } from "../access/owner.ts";
import type { RunnerType } from "./schema.ts";

export interface RunnerRow {
  id: string;
  workspace: string;
  user: string;
  project_id: string;
  type: RunnerType;
  name: string;
  capabilities_json: string;
  checklist_json: string | null;
  connected_at: number;
  /** When the last heartbeat stops counting. */
  alive_until: number;
  /** 1: connected without heartbeats (fixtures). */
  keep_alive: 0 | 1;
}

export interface AgentRow {
  name: string;
  timeout_seconds: number;
  definition_json: string;
}

const COLUMNS =
  "id, workspace, user, project_id, type, name, capabilities_json, checklist_json, connected_at, alive_until, keep_alive";

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
  readonly #agent;
  readonly #insertAgent;
  readonly #deleteAgents;

  constructor(database: Database) {
    this.#insert = database.prepare<[RunnerRow]>(
      `INSERT INTO runners (${COLUMNS}) VALUES (:id, :workspace, :user, :project_id, :type, :name, :capabilities_json,
       :checklist_json, :connected_at, :alive_until, :keep_alive)`,
    );
    this.#find = database.prepare<[string], RunnerRow>(`SELECT ${COLUMNS} FROM runners WHERE id = ?`);
    this.#findCurrent = database.prepare<[string, string, string, RunnerType], RunnerRow>(
      `SELECT ${COLUMNS} FROM runners WHERE workspace = ? AND project_id = ? AND user = ? AND type = ?`,
    );
    this.#list = database.prepare<[string, string, string], RunnerRow>(
      `SELECT ${COLUMNS} FROM runners WHERE workspace = +? AND project_id = +? AND user = +? ORDER BY sequence DESC`,
    );
    this.#all = database.prepare<[], RunnerRow>(`SELECT ${COLUMNS} FROM runners ORDER BY sequence`);
    this.#deadSince = database.prepare<[number, number], RunnerRow>(
      `SELECT ${COLUMNS} FROM runners WHERE alive_until <= +? AND keep_alive = 0 LIMIT +?`,
    );
    this.#refresh = database.prepare<[number, string]>("UPDATE runners SET alive_until = ? WHERE id = ?");
    this.#extendConnections = database.prepare<[number, number]>(
      "UPDATE runners SET alive_until = alive_until + ? WHERE alive_until > ?",
    );
    this.#setCapabilities = database.prepare<[string, string]>("UPDATE runners SET capabilities_json = ? WHERE id = ?");
    this.#setChecklist = database.prepare<[string, string]>("UPDATE runners SET checklist_json = ? WHERE id = ?");
    this.#update = database.prepare<
      [Pick<RunnerRow, "id" | "name" | "capabilities_json" | "checklist_json" | "keep_alive">]
    >(
      `UPDATE runners SET name = :name, capabilities_json = :capabilities_json, checklist_json = :checklist_json,
       keep_alive = :keep_alive WHERE id = :id`,
    );
    this.#delete = database.prepare<[string]>("DELETE FROM runners WHERE id = ?");
    this.#agents = database.prepare<[string], AgentRow>(
      "SELECT name, timeout_seconds, definition_json FROM agents WHERE runner_id = +? ORDER BY position",
    );
    this.#agent = database.prepare<[string, string], AgentRow>(
      "SELECT name, timeout_seconds, definition_json FROM agents WHERE runner_id = ? AND name = ?",
    );
    this.#insertAgent = database.prepare<[string, number, string, number, string]>(
      "INSERT INTO agents (runner_id, position, name, timeout_seconds, definition_json) VALUES (?, ?, ?, ?, ?)",
    );
    this.#deleteAgents = database.prepare<[string]>("DELETE FROM agents WHERE runner_id = ?");
  }

  insert(row: RunnerRow): void {
    this.#insert.run(row);
  }

  find(id: string): RunnerRow | undefined {
    return this.#find.get(id);
  }

  /** The runner that holds the slot of its type for a project and owner. */
  findCurrent(owner: Owner, projectId: string, type: RunnerType): RunnerRow | undefined {
    return this.#findCurrent.get(owner.workspace, projectId, owner.user, type);
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
    this.#refresh.run(aliveUntil, id);
  }

  /** Lets the heartbeats of runners that were connected at `since` count for so many milliseconds longer. */
  extendConnections(byMs: number, since: number): void {
    this.#extendConnections.run(byMs, since);
  }

  setCapabilities(id: string, json: string): void {
    this.#setCapabilities.run(json, id);
  }

  setChecklist(id: string, json: string): void {
    this.#setChecklist.run(json, id);
  }

  /** Writes everything but the times. */
  update({ id, name, capabilities_json, checklist_json, keep_alive }: RunnerRow): void {
    this.#update.run({ id, name, capabilities_json, checklist_json, keep_alive });
  }

  /** Deletes the runner with its agents. */
  delete(id: string): void {
    this.#delete.run(id);
  }

  /** In the order of their registration. */
  agents(runnerId: string): AgentRow[] {
    return this.#agents.all(runnerId);
  }

  agent(runnerId: string, name: string): AgentRow | undefined {
    return this.#agent.get(runnerId, name);
  }

  replaceAgents(runnerId: string, agents: readonly AgentRow[]): void {
    this.#deleteAgents.run(runnerId);
    for (const [position, agent] of agents.entries()) {
      this.#insertAgent.run(runnerId, position, agent.name, agent.timeout_seconds, agent.definition_json);
    }
  }
}
