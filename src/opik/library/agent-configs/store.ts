import { integer, json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const BLUEPRINTS = new Table("agent_blueprints", {
  workspace: text(),
  id: text(),
  project_id: text(),
  /** From 1 in each project; `null` for a mask. */
  number: integer().nullable(),
  description: text().nullable(),
  values_json: json(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time(),
  last_updated_by: text(),
});

export type BlueprintRow = Row<typeof BLUEPRINTS>;

/** The blueprints that environments use. */
const AGENT_ENVIRONMENTS = new Table("agent_environments", {
  workspace: text(),
  project_id: text(),
  name: text(),
  blueprint_id: text().changing(),
});

/** The SQL of agent configurations. */
export class AgentConfigStore {
  readonly #insert;
  readonly #find;
  readonly #latest;
  readonly #byNumber;
  readonly #page;
  readonly #environment;
  readonly #environmentsOf;
  readonly #setEnvironment;
  readonly #deleteEnvironment;

  constructor(database: Database) {
    this.#insert = BLUEPRINTS.insert(database);
    const blueprints = `SELECT ${BLUEPRINTS.list} FROM agent_blueprints WHERE workspace = +?`;
    this.#find = database.prepare<[string, string], BlueprintRow>(`${blueprints} AND id = ?`);
    this.#latest = database.prepare<[string, string], BlueprintRow>(
      `${blueprints} AND project_id = +? AND number IS NOT NULL ORDER BY number DESC LIMIT 1`,
    );
    this.#byNumber = database.prepare<[string, string, number], BlueprintRow>(
      `${blueprints} AND project_id = ? AND number = ?`,
    );
    this.#page = database.prepare<[string, string, number, number], BlueprintRow>(
      `${blueprints} AND project_id = +? AND number IS NOT NULL ORDER BY number DESC LIMIT +? OFFSET +?`,
    );
    this.#environment = database
      .prepare<[string, string, string], string>(
        "SELECT blueprint_id FROM agent_environments WHERE workspace = ? AND project_id = ? AND name = ?",
      )
      .pluck();
    this.#environmentsOf = database
      .prepare<[string, string], string>(
        "SELECT name FROM agent_environments WHERE workspace = +? AND blueprint_id = +? ORDER BY name",
      )
      .pluck();
    this.#setEnvironment = database.prepare<[Row<typeof AGENT_ENVIRONMENTS>]>(
      `${AGENT_ENVIRONMENTS.insertion} ON CONFLICT (workspace, project_id, name)
       DO UPDATE SET ${AGENT_ENVIRONMENTS.assignments}`,
    );
    this.#deleteEnvironment = database.prepare<[string, string, string]>(
      "DELETE FROM agent_environments WHERE workspace = ? AND project_id = ? AND name = ?",
    );
  }

  insert(row: BlueprintRow): void {
    this.#insert.run(row);
  }

  /** A blueprint or mask. */
  find(workspace: string, id: string): BlueprintRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** The latest blueprint of a project; masks do not count. */
  latest(workspace: string, projectId: string): BlueprintRow | undefined {
    return this.#latest.get(workspace, projectId);
  }

  byNumber(workspace: string, projectId: string, number: number): BlueprintRow | undefined {
    return this.#byNumber.get(workspace, projectId, number);
  }

  /** The blueprints of a project, the newest first, without its masks. */
  page(workspace: string, projectId: string, limit: number, offset: number): BlueprintRow[] {
    return this.#page.all(workspace, projectId, limit, offset);
  }

  /** The blueprint that an environment of a project uses. */
  byEnvironment(workspace: string, projectId: string, name: string): BlueprintRow | undefined {
    const id = this.#environment.get(workspace, projectId, name);
    return id === undefined ? undefined : this.find(workspace, id);
  }

  /** The environments that use a blueprint, by name. */
  environmentsOf(workspace: string, id: string): string[] {
    return this.#environmentsOf.all(workspace, id);
  }

  /** Makes an environment use a blueprint. */
  setEnvironment({ workspace, project_id, id }: BlueprintRow, name: string): void {
    this.#setEnvironment.run({ workspace, project_id, name, blueprint_id: id });
  }

  /** Deletes an environment of a project, if there is one. */
  deleteEnvironment(workspace: string, projectId: string, name: string): void {
    this.#deleteEnvironment.run(workspace, projectId, name);
  }
}
