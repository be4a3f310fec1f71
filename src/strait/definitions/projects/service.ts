import type { StraitContext } from "../../context.ts";
import type { Caller } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { CreateProjectRequest, Project } from "./schema.ts";
import { type ProjectRow, PROJECTS, ProjectStore } from "./store.ts";

/** The organisation of projects that were created because a request named them. */
const LOCAL_ORGANISATION = "local";
const MAX_LISTED = 1_000;

/** The rules of projects [strait 1.2]. */
export class ProjectService {
  readonly #context: StraitContext;
  readonly #store: ProjectStore;

  constructor(context: StraitContext) {
    this.#context = context;
    this.#store = new ProjectStore(context.database);
  }

  /** @throws StraitError 403 for API keys, 409 when the id is taken */
  create(caller: Caller, request: CreateProjectRequest): Project {
    if (!caller.internal) throw new StraitError(403, "project creation requires internal secret");
    return this.#context.database.transaction(() => {
      if (this.#store.find(request.id) !== undefined) throw new StraitError(409, "project already exists");
      const row = PROJECTS.row({ ...request, created_at: this.#context.clock.now() });
      this.#store.insert(row);
      return toProject(row);
    });
  }

  /** Creates a project that something is made in, if it does not exist. */
  ensure(id: string): void {
    const created_at = this.#context.clock.now();
    this.#store.insertMissing(PROJECTS.row({ id, org_id: LOCAL_ORGANISATION, name: id, created_at }));
  }

  /** @throws StraitError 403 for another project than the API key's, 404 */
  get(caller: Caller, id: string): Project {
    return toProject(this.#require(caller, id));
  }

  /** All projects, newest first. @throws StraitError 403 for API keys */
  list(caller: Caller, query: { limit: number; cursor: Cursor | undefined }): Page<Project> {
    requireInternal(caller);
    const rows = this.#store.page(before(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, ({ created_at, id }) => ({ time: created_at, id }), toProject);
  }

  /** The projects of an organisation, newest first, a thousand at most. @throws StraitError 403 for API keys */
  ofOrganisation(caller: Caller, orgId: string): Project[] {
    requireInternal(caller);
    return this.#store.ofOrganisation(orgId, MAX_LISTED).map(toProject);
  }

  /** Deletes a project, but not its jobs and runs. @throws StraitError 403, 404 */
  delete(caller: Caller, id: string): void {
    this.#context.database.transaction(() => this.#store.delete(this.#require(caller, id).id));
  }

  #require(caller: Caller, id: string): ProjectRow {
    if (!caller.internal && caller.projectId !== id) throw new StraitError(403, "access denied");
    const row = this.#store.find(id);
    if (row === undefined) throw new StraitError(404, "project not found");
    return row;
  }
}

function requireInternal(caller: Caller): void {
  if (!caller.internal) throw new StraitError(403, "project listing requires internal secret");
}

function toProject(row: ProjectRow): Project {
  const fields = PROJECTS.toFields(row);
  return { ...fields, updated_at: fields.created_at };
}
