import { comparisonKey, fold } from "../../../core/comparison-key.ts";
import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import type { Sorting } from "../../wire/sorting.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import { SORTABLE_DASHBOARD_FIELDS, type SortableDashboardField } from "./lists.ts";
import type { Dashboard, DashboardPage, DashboardUpdate, NewDashboard } from "./schema.ts";
import { type DashboardRow, DASHBOARDS, DashboardStore } from "./store.ts";

export interface DashboardServiceDependencies {
  projects: ProjectService;
}

/** Which dashboards, in which order. Pages count from 1. */
export interface DashboardFilter {
  page: number;
  size: number;
  /** A part of the name in any case. */
  name?: string | undefined;
  project_id?: string | undefined;
  sorting?: Sorting<SortableDashboardField> | undefined;
  filters: FilterConditions;
}

/** The id of the one workspace of a self-hosted Opik. */
const WORKSPACE_ID = "0190babc-62a0-71d2-832a-0feffa4676eb";

/** Dashboards: configurations of pages, which are stored as they are. */
export class DashboardService {
  readonly #context: OpikContext;
  readonly #store: DashboardStore;
  readonly #projects: ProjectService;

  constructor(context: OpikContext, dependencies: DashboardServiceDependencies) {
    this.#context = context;
    this.#store = new DashboardStore(context.database);
    this.#projects = dependencies.projects;
  }

  /**
   * Creates a dashboard, of a project or of the workspace.
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown project id, 409 when the id is taken
   */
  create(owner: Owner, dashboard: NewDashboard): Dashboard {
    const id = dashboard.id ?? this.#context.ids.uuid();
    requireVersion7(id, "dashboard");
    const { workspace, user } = owner;
    const isOfProject = dashboard.project_id !== undefined || dashboard.project_name !== undefined;
    return this.#context.database.transaction(() => {
      if (this.#store.find(workspace, id) !== undefined) throw OpikError.errors(409, "Dashboard already exists");
      const now = this.#context.clock.now();
      const row = DASHBOARDS.row({
        workspace,
        id,
        project_id: isOfProject ? this.#projects.idForWrite(owner, dashboard) : null,
        name: dashboard.name,
        name_key: comparisonKey(dashboard.name),
        slug: this.#slugOf(workspace, dashboard.name),
        type: dashboard.type ?? "multi_project",
        scope: dashboard.scope ?? "workspace",
        description: dashboard.description ?? null,
        config_json: dashboard.config.text,
        created_at: now,
        created_by: user,
        last_updated_at: now,
        last_updated_by: user,
      });
      this.#store.insert(row);
      this.#context.events.emit("dashboards:written", { ids: [id], workspace });
      return toDashboard(row);
    });
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): Dashboard {
    return toDashboard(this.#store.find(owner.workspace, id) ?? notFound());
  }

  /** One page of a workspace's dashboards, by default the newest id first. */
  list({ workspace }: Owner, filter: DashboardFilter): DashboardPage {
    const { page, name, project_id, sorting } = filter;
    const field = sorting?.field === "name" ? "name_key" : (sorting?.field ?? "id");
    const { total, rows } = this.#store.list({
      where: [
        sql`workspace = ${workspace}`,
        project_id === undefined ? undefined : sql`project_id = ${project_id}`,
        name === undefined ? undefined : sql`name_key LIKE ${`%${fold(name.trim())}%`} ESCAPE '\\'`,
        ...filter.filters.where,
      ],
      order: { columns: field === "id" ? ["id"] : [field, "id"], descending: sorting?.descending ?? true },
      limit: filter.size,
      offset: offsetOf(filter),
    });
    const content = rows.map(toDashboard);
    return { page, size: content.length, total, content, sortable_by: [...SORTABLE_DASHBOARD_FIELDS] };
  }

  /**
   * Changes the fields that the update has; another name is another slug.
   * @throws OpikError 404
   */
  update(owner: Owner, id: string, update: DashboardUpdate): Dashboard {
    return this.#context.database.transaction(() => {
      const { workspace, user } = owner;
      const before = this.#store.find(workspace, id) ?? notFound();
      const name = update.name ?? before.name;
      const row: DashboardRow = {
        ...before,
        name,
        name_key: comparisonKey(name),
        slug: name === before.name ? before.slug : this.#slugOf(workspace, name),
        type: update.type ?? before.type,
        description: update.description ?? before.description,
        config_json: update.config === undefined || update.config.isNull ? before.config_json : update.config.text,
        last_updated_at: this.#context.clock.now(),
        last_updated_by: user,
      };
      this.#store.update(row);
      this.#context.events.emit("dashboards:written", { ids: [id], workspace });
      return toDashboard(row);
    });
  }

  /** Deletes dashboards; ignores those that do not exist. */
  delete({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      const deleted = ids.filter((id) => this.#store.delete(workspace, id));
      if (deleted.length > 0) this.#context.events.emit("dashboards:deleted", { ids: deleted, workspace });
    });
  }

  /** A part of a URL that no other dashboard of the workspace has. */
  #slugOf(workspace: string, name: string): string {
    const base =
      fold(name)
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "") || "dashboard";
    let slug = base;
    for (let number = 2; this.#store.hasSlug(workspace, slug); number += 1) slug = `${base}-${number}`;
    return slug;
  }
}

function toDashboard(row: DashboardRow): Dashboard {
  const { id, ...fields } = DASHBOARDS.toFields(row);
  return { id, workspace_id: WORKSPACE_ID, ...fields };
}

function notFound(): never {
  throw OpikError.message(404, "Dashboard not found");
}
