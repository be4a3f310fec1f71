import { comparisonKey, fold } from "../../core/comparison-key.ts";
import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import { OpikError } from "../wire/errors.ts";
import { offsetOf } from "../wire/page.ts";
import type { Sorting } from "../wire/sorting.ts";
import { toProject } from "./row.ts";
import {
  type Project,
  type ProjectPage,
  type ProjectUpdate,
  type ProjectVisibility,
  SORTABLE_PROJECT_FIELDS,
  type SortableProjectField,
} from "./schema.ts";
import { type ProjectName, type ProjectRow, PROJECTS, ProjectStore } from "./store.ts";

/** The fields of a new project. */
export interface NewProject {
  name: string;
  /** Default `private`. */
  visibility?: ProjectVisibility | undefined;
  description?: string | undefined;
}

/** The reference of a request to its project; the id wins over the name. */
export interface ProjectReference {
  project_id?: string | undefined;
  project_name?: string | undefined;
}

/** Which projects, in which order. Pages count from 1. */
export interface ProjectFilter {
  page: number;
  size: number;
  /** A part of the name in any case, in which `%` and `_` stand for any text and any character. */
  name?: string | undefined;
  sorting?: Sorting<SortableProjectField> | undefined;
}

/** The default project [opik 7.1], and its description when a write creates it. */
export const DEFAULT_PROJECT = "Default Project";
const DEFAULT_PROJECT_DESCRIPTION = "This is the default project. It cannot be deleted.";

/** The default order of a list. */
const NEWEST_FIRST: Sorting<SortableProjectField> = { field: "id", descending: true };

/** The rules of projects: names are unique in a workspace as MySQL compares them [opik 7.1]. */
export class ProjectService {
  readonly #context: OpikContext;
  readonly #store: ProjectStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new ProjectStore(context.database);
  }

  exists(workspace: string, id: string): boolean {
    return this.#store.find(workspace, id) !== undefined;
  }

  /** The name of a project, if it is there. */
  nameOf({ workspace }: Owner, id: string): string | undefined {
    return this.#store.find(workspace, id)?.name;
  }

  /** The id of the project of that name, as MySQL compares names. */
  idByName(owner: Owner, name: string): string | undefined {
    return this.#findByName(owner, name)?.id;
  }

  /**
   * The id of the project of that name, which is made when there is none.
   * @param name is trimmed; absent or blank is the default project
   */
  getOrCreate(owner: Owner, name: string | undefined): string {
    const wanted = name?.trim() || DEFAULT_PROJECT;
    const description = wanted === DEFAULT_PROJECT ? DEFAULT_PROJECT_DESCRIPTION : undefined;
    return this.#context.database.transaction(
      () =>
        this.idByName(owner, wanted) ?? this.#addNow(owner, { name: wanted, description }, this.#context.ids.uuid()),
    );
  }

  /**
   * The id of the project that is written to: one named by its id must exist, one named by its name is made.
   * @throws OpikError 404
   */
  idForWrite(owner: Owner, { project_id, project_name }: ProjectReference): string {
    return project_id === undefined ? this.getOrCreate(owner, project_name) : this.get(owner, project_id).id;
  }

  /**
   * The id of the project that is read from.
   * @throws OpikError 400 when none is named, 404 [opik 7.5]
   */
  idForRead(owner: Owner, { project_id, project_name }: ProjectReference): string {
    if (project_id !== undefined) {
      if (this.exists(owner.workspace, project_id)) return project_id;
      throw OpikError.message(404, `Project id: ${project_id} not found`);
    }
    if (project_name === undefined) {
      throw OpikError.message(400, "Either 'project_name' or 'project_id' query params must be provided");
    }
    const id = this.idByName(owner, project_name);
    if (id === undefined) throw OpikError.message(404, `Project name: ${project_name} not found`);
    return id;
  }

  /**
   * Creates a project.
   * @returns its id
   * @throws OpikError 409 when the name is taken
   */
  create(owner: Owner, project: NewProject): string {
    return this.#context.database.transaction(() => {
      if (this.idByName(owner, project.name) !== undefined) throw nameIsTaken();
      return this.#addNow(owner, project, this.#context.ids.uuid());
    });
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): Project {
    return toProject(this.#store.find(owner.workspace, id) ?? notFound());
  }

  /**
   * Changes the fields that the update has.
   * @throws OpikError 404, 409 when the name is another project's
   */
  update(owner: Owner, id: string, update: ProjectUpdate): void {
    this.#context.database.transaction(() => {
      const row = this.#store.find(owner.workspace, id) ?? notFound();
      const name = update.name ?? row.name;
      // A name that does not change keeps its key: of two old rows of one name only one is found by it.
      const isRenamed = name !== row.name;
      if (isRenamed && (this.idByName(owner, name) ?? id) !== id) throw nameIsTaken();
      this.#store.update({
        ...row,
        name,
        name_key: isRenamed ? comparisonKey(name) : row.name_key,
        description: update.description ?? row.description,
        visibility: update.visibility ?? row.visibility,
        last_updated_at: this.#context.clock.now(),
        last_updated_by: owner.user,
      });
    });
  }

  /**
   * The project of that name, as MySQL compares names; none is made.
   * @throws OpikError 404
   */
  retrieve(owner: Owner, name: string): Project {
    return toProject(this.#findByName(owner, name) ?? notFound());
  }

  /**
   * One page of a workspace's projects, by default the newest id first; a page without rows has a total of 0.
   */
  list(owner: Owner, filter: ProjectFilter): ProjectPage {
    const { page, name, sorting = NEWEST_FIRST } = filter;
    const { total, size, rows } = this.#store.page({
      workspace: owner.workspace,
      pattern: name === undefined ? null : `%${fold(name)}%`,
      sorting,
      limit: filter.size,
      offset: offsetOf(filter),
    });
    if (size === 0) return { page, size: 0, total: 0, content: [], sortable_by: [] };
    return {
      page,
      size,
      total,
      content: rows.map(toProject),
      sortable_by: [...SORTABLE_PROJECT_FIELDS],
    };
  }

  /**
   * Deletes projects, not what was written to them; does nothing when there is none [opik 7.1]. Their traces are not read
   * any more and are kept until their retention ends, their runners go on.
   */
  delete(owner: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      for (const id of ids) {
        if (this.#store.delete(owner.workspace, id))
          this.#context.events.emit("project:deleted", { id, workspace: owner.workspace });
      }
    });
  }

  /** Every project of every workspace, by workspace and name. */
  all(): Array<Project & { workspace: string }> {
    return this.#store.all().map((row) => ({ ...toProject(row), workspace: row.workspace }));
  }

  /** The name of every project of every workspace, in the same order; reads less than `all`. */
  names(): ProjectName[] {
    return this.#store.names();
  }

  /** Notes that a trace of the project was written at `at` (ISO 8601). */
  traceWritten(id: string, at: string): void {
    this.#store.setLastUpdatedTraceAt(id, at);
  }

  /** Adds a project of a fixture and emits an event. Times are milliseconds since the epoch. */
  add(owner: Owner, project: NewProject, own: { id: string; createdAt: number; lastUpdatedAt: number }): void {
    this.#context.database.transaction(() => {
      const row = PROJECTS.row({
        id: own.id,
        workspace: owner.workspace,
        name: project.name,
        name_key: comparisonKey(project.name),
        description: project.description ?? null,
        visibility: project.visibility ?? "private",
        created_at: own.createdAt,
        created_by: owner.user,
        last_updated_at: own.lastUpdatedAt,
        last_updated_by: owner.user,
      });
      this.#store.insert(row);
      this.#context.events.emit("project:created", { id: own.id, name: project.name, workspace: owner.workspace });
    });
  }

  #findByName(owner: Owner, name: string): ProjectRow | undefined {
    return this.#store.findByKey(owner.workspace, comparisonKey(name));
  }

  #addNow(owner: Owner, project: NewProject, id: string): string {
    const now = this.#context.clock.now();
    this.add(owner, project, { id, createdAt: now, lastUpdatedAt: now });
    return id;
  }
}

function notFound(): never {
  throw OpikError.errors(404, "Project not found");
}

function nameIsTaken(): OpikError {
  return OpikError.errors(409, "Project already exists");
}
