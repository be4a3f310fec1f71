import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import { OpikError } from "../wire/errors.ts";
import { requireVersion7 } from "../wire/version-seven.ts";
import {
  type Environment,
  type EnvironmentPage,
  type EnvironmentUpdate,
  type NewEnvironment,
  wrongEnvironmentName,
} from "./schema.ts";
import { type EnvironmentRow, ENVIRONMENTS, EnvironmentStore } from "./store.ts";

/** As many environments as the real server allows a workspace by default [opik 9.1]. */
const MOST_ENVIRONMENTS = 20;

/** The default color of an environment. */
const DEFAULT_COLOR = "default";

/** The environments of each workspace: names such as `production` that traces and versions of prompts carry. */
export class EnvironmentService {
  readonly #context: OpikContext;
  readonly #store: EnvironmentStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new EnvironmentStore(context.database);
  }

  /**
   * Creates an environment.
   * @returns its id
   * @throws OpikError 400 for an id that is no UUIDv7, 409 when the name or the id is taken or the workspace is full
   */
  create(owner: Owner, environment: NewEnvironment): string {
    const id = environment.id ?? this.#context.ids.uuid();
    requireVersion7(id, "environment");
    return this.#context.database.transaction(() => {
      const { workspace } = owner;
      if (this.#store.count(workspace) >= MOST_ENVIRONMENTS)
        throw OpikError.errors(409, `Workspace already has the maximum of ${MOST_ENVIRONMENTS} environments`);
      const isTaken =
        this.#store.findByName(workspace, environment.name) !== undefined ||
        this.#store.find(workspace, id) !== undefined;
      if (isTaken) throw nameIsTaken(environment.name);
      this.#add(owner, id, environment);
      return id;
    });
  }

  /**
   * Creates an environment that a trace or a span names first [opik 9.1]; not one whose name has other characters, nor in
   * a workspace that is full.
   */
  mention(owner: Owner, name: string): void {
    const { workspace } = owner;
    if (wrongEnvironmentName(name) !== undefined || this.exists(workspace, name)) return;
    if (this.#store.count(workspace) < MOST_ENVIRONMENTS) this.#add(owner, this.#context.ids.uuid(), { name });
  }

  exists(workspace: string, name: string): boolean {
    return this.#store.findByName(workspace, name) !== undefined;
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): Environment {
    return toEnvironment(this.#store.find(owner.workspace, id) ?? notFound());
  }

  /** All environments of a workspace on one page, the oldest first. */
  list(owner: Owner): EnvironmentPage {
    const content = this.#store.list(owner.workspace).map(toEnvironment);
    return { page: 1, size: content.length, total: content.length, content, sortable_by: ["created_at"] };
  }

  /**
   * Changes the fields that the update has.
   * @throws OpikError 404, 409 when the name is another environment's
   */
  update(owner: Owner, id: string, update: EnvironmentUpdate): void {
    this.#context.database.transaction(() => {
      const row = this.#store.find(owner.workspace, id) ?? notFound();
      const name = update.name ?? row.name;
      if ((this.#store.findByName(owner.workspace, name)?.id ?? id) !== id) throw nameIsTaken(name);
      this.#store.update({
        ...row,
        name,
        description: update.description ?? row.description,
        color: update.color ?? row.color,
        position: update.position ?? row.position,
        last_updated_at: this.#context.clock.now(),
        last_updated_by: owner.user,
      });
      this.#context.events.emit("environments:written", { ids: [id], workspace: owner.workspace });
    });
  }

  /** Deletes environments; ignores those that do not exist. Traces and versions of prompts keep their names. */
  delete({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      const deleted = ids.filter((id) => this.#store.delete(workspace, id));
      if (deleted.length > 0) this.#context.events.emit("environments:deleted", { ids: deleted, workspace });
    });
  }

  #add({ workspace, user }: Owner, id: string, environment: NewEnvironment): void {
    const now = this.#context.clock.now();
    const row = ENVIRONMENTS.row({
      workspace,
      id,
      name: environment.name,
      description: environment.description ?? null,
      color: environment.color ?? DEFAULT_COLOR,
      position: environment.position ?? 0,
      created_at: now,
      created_by: user,
      last_updated_at: now,
      last_updated_by: user,
    });
    this.#store.insert(row);
    this.#context.events.emit("environments:written", { ids: [id], workspace });
  }
}

function toEnvironment(row: EnvironmentRow): Environment {
  return ENVIRONMENTS.toFields(row);
}

function notFound(): never {
  throw OpikError.errors(404, "Environment not found");
}

function nameIsTaken(name: string): OpikError {
  return OpikError.errors(409, `Environment with name '${name}' already exists in the workspace`);
}
