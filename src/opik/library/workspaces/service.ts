import { stringifyJson } from "../../../core/json.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { OpikError } from "../../wire/errors.ts";
import { printDuration, type WorkspaceConfiguration, type WorkspaceConfigurationWrite } from "./schema.ts";
import { WorkspaceConfigurationStore } from "./store.ts";

/** Settings of the web application for a workspace [opik 9.8]. */
export class WorkspaceConfigurationService {
  readonly #context: OpikContext;
  readonly #store: WorkspaceConfigurationStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new WorkspaceConfigurationStore(context.database);
  }

  /** @throws OpikError 404 when nothing was written yet */
  get({ workspace }: Owner): WorkspaceConfiguration {
    const row = this.#store.find(workspace);
    if (row === undefined) throw OpikError.message(404, "No workspace configuration found for workspace");
    const { thread_timeout_seconds: seconds, truncation_on_tables: truncation, color_map_json: colors } = row;
    return {
      timeout_to_mark_thread_as_inactive: seconds === null ? undefined : printDuration(seconds),
      truncation_on_tables: truncation === null ? undefined : truncation === 1,
      color_map: colors === null ? undefined : new Map(Object.entries(JSON.parse(colors) as Record<string, string>)),
    };
  }

  /** Replaces the configuration. */
  save({ workspace }: Owner, configuration: WorkspaceConfigurationWrite): void {
    const { timeout_to_mark_thread_as_inactive: seconds, truncation_on_tables, color_map } = configuration;
    this.#context.database.transaction(() => {
      this.#store.save({
        workspace,
        thread_timeout_seconds: seconds ?? null,
        truncation_on_tables: truncation_on_tables === undefined ? null : Number(truncation_on_tables),
        color_map_json: color_map === undefined ? null : stringifyJson(color_map),
      });
      this.#context.events.emit("workspace:configured", { workspace });
    });
  }

  /** Deletes the configuration; does nothing when there is none. */
  delete({ workspace }: Owner): void {
    this.#context.database.transaction(() => {
      if (this.#store.delete(workspace)) this.#context.events.emit("workspace:configured", { workspace });
    });
  }
}
