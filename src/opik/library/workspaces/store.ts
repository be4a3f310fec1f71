import { integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";

const CONFIGURATIONS = new Table("workspace_configurations", {
  workspace: text(),
  thread_timeout_seconds: integer().nullable().changing(),
  // 0 or 1
  truncation_on_tables: integer().nullable().changing(),
  color_map_json: text().nullable().changing(),
});
export type ConfigurationRow = Row<typeof CONFIGURATIONS>;

/** The SQL of configurations of workspaces. */
export class WorkspaceConfigurationStore {
  readonly #save;
  readonly #find;
  readonly #delete;

  constructor(database: Database) {
    this.#save = database.prepare<[ConfigurationRow]>(
      `${CONFIGURATIONS.insertion} ON CONFLICT (workspace) DO UPDATE SET ${CONFIGURATIONS.assignments}`,
    );
    this.#find = database.prepare<[string], ConfigurationRow>(
      `SELECT ${CONFIGURATIONS.list} FROM workspace_configurations WHERE workspace = ?`,
    );
    this.#delete = database.prepare<[string]>("DELETE FROM workspace_configurations WHERE workspace = ?");
  }

  /** Writes the configuration of a workspace, in place of the one that it has. */
  save(row: ConfigurationRow): void {
    this.#save.run(row);
  }

  find(workspace: string): ConfigurationRow | undefined {
    return this.#find.get(workspace);
  }

  /** Deletes the configuration of a workspace; returns whether there was one. */
  delete(workspace: string): boolean {
    return this.#delete.run(workspace).changes > 0;
  }
}
