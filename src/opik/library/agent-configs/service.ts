import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectReference, ProjectService } from "../../projects/service.ts";
import { timeField } from "../../wire/columns.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import { changedValues, describeChanges, masked } from "./changes.ts";
import {
  type Blueprint,
  type BlueprintPage,
  type BlueprintRequest,
  type ConfigValue,
  type EnvironmentsRequest,
  type KeyRemoval,
  type NewBlueprint,
  shortened,
  type WrittenBlueprint,
} from "./schema.ts";
import { AgentConfigStore, type BlueprintRow, BLUEPRINTS } from "./store.ts";

export interface AgentConfigServiceDependencies {
  projects: ProjectService;
}

/** The environment that uses the first blueprint of a project until another one is set. */
const FIRST_ENVIRONMENT = "prod";

const NAME = /^v([1-9]\d{0,8})$/;

/**
 * The configurations of agents, one a project: a series of blueprints, each with all values; masks, which change some
 * values while an agent is tried out; and environments, each of which uses one blueprint.
 */
export class AgentConfigService {
  readonly #context: OpikContext;
  readonly #store: AgentConfigStore;
  readonly #projects: ProjectService;

  constructor(context: OpikContext, dependencies: AgentConfigServiceDependencies) {
    this.#context = context;
    this.#store = new AgentConfigStore(context.database);
    this.#projects = dependencies.projects;
  }

  /**
   * Creates the configuration of a project with its first blueprint, which the environment `prod` uses.
   * @throws OpikError 400 for a mask, 404 for an unknown project id, 409 when the project has one
   */
  create(owner: Owner, { blueprint, ...project }: BlueprintRequest): WrittenBlueprint {
    if (blueprint.type === "mask")
      throw OpikError.errors(400, "Cannot create config with a MASK blueprint. Use BLUEPRINT type for POST.");
    return this.#context.database.transaction(() => {
      const projectId = this.#projects.idForWrite(owner, project);
      if (this.#store.latest(owner.workspace, projectId) !== undefined) {
        const message = `Config already exists for project '${projectId}'. Use PATCH to add blueprints.`;
        throw OpikError.errors(409, message);
      }
      const row = this.#add(owner, projectId, blueprint);
      this.#store.setEnvironment(row, FIRST_ENVIRONMENT);
      return { id: row.id, type: blueprint.type, description: row.description ?? undefined, values: valuesOf(row) };
    });
  }

  /**
   * Adds a blueprint or a mask to the configuration of a project.
   * @returns its id
   * @throws OpikError 404 when the project or its configuration does not exist, 409 when the id is taken
   */
  update(owner: Owner, { blueprint, ...project }: BlueprintRequest): string {
    return this.#context.database.transaction(() => {
      const projectId = this.#existingProject(owner, project);
      if (this.#store.latest(owner.workspace, projectId) === undefined) {
        const message = `No config found for project '${projectId}'. Use POST to create one first.`;
        throw OpikError.errors(404, message);
      }
      return this.#add(owner, projectId, blueprint).id;
    });
  }

  /**
   * Adds a blueprint without some of the values of the latest one.
   * @returns its id; `undefined` when the latest one has none of them
   * @throws OpikError 404 when the project does not exist
   */
  removeKeys(owner: Owner, { keys, ...project }: KeyRemoval): string | undefined {
    return this.#context.database.transaction(() => {
      const projectId = this.#existingProject(owner, project);
      const latest = this.#store.latest(owner.workspace, projectId);
      const before = latest === undefined ? [] : valuesOf(latest);
      const values = before.filter(({ key }) => !keys.includes(key));
      if (values.length === before.length) return undefined;
      const removed = [...new Set(keys)].toSorted().join(", ");
      const description = shortened(`Deleted configuration parameters: [${removed}]`);
      return this.#add(owner, projectId, { id: undefined, type: "blueprint", description, values }).id;
    });
  }

  /**
   * Adds a blueprint with the values of the latest one under a mask.
   * @returns its id
   * @throws OpikError 404
   */
  createFromMask(owner: Owner, projectId: string, maskId: string): string {
    return this.#context.database.transaction(() => {
      const latest = this.#latest(owner, projectId);
      const values = this.#masked(latest, maskId);
      return this.#add(owner, projectId, { id: undefined, type: "blueprint", description: undefined, values }).id;
    });
  }

  /** @throws OpikError 404 for the configuration and the mask */
  getLatest(owner: Owner, projectId: string, maskId?: string): Blueprint {
    return this.#show(this.#latest(owner, projectId), maskId);
  }

  /** @throws OpikError 404, also for the id of a mask */
  get({ workspace }: Owner, id: string, maskId?: string): Blueprint {
    const row = this.#store.find(workspace, id);
    if (row === undefined || row.number === null) throw OpikError.message(404, `Blueprint '${id}' not found`);
    return this.#show(row, maskId);
  }

  /** @throws OpikError 404 */
  getByName(owner: Owner, projectId: string, name: string, maskId?: string): Blueprint {
    return this.#show(this.#byName(owner, projectId, name), maskId);
  }

  /** @throws OpikError 404 for the configuration, the environment and the mask */
  getByEnvironment(owner: Owner, projectId: string, name: string, maskId?: string): Blueprint {
    this.#latest(owner, projectId);
    const row = this.#store.byEnvironment(owner.workspace, projectId, name);
    if (row === undefined) throw OpikError.message(404, `No blueprint found for environment '${name}'`);
    return this.#show(row, maskId);
  }

  /**
   * A blueprint or mask with only the values that the one before did not have.
   * @throws OpikError 404
   */
  getDelta({ workspace }: Owner, id: string): Blueprint {
    const row = this.#store.find(workspace, id);
    if (row === undefined) throw OpikError.message(404, `Blueprint '${id}' not found`);
    const before = row.number === null ? undefined : this.#store.byNumber(workspace, row.project_id, row.number - 1);
    const values = valuesOf(row);
    return { ...this.#show(row), values: before === undefined ? values : changedValues(valuesOf(before), values) };
  }

  /**
   * One page of the blueprints of a project, the newest first; `size` is the one that was asked for [opik 9.3].
   * @throws OpikError 404
   */
  history(owner: Owner, projectId: string, { page, size }: { page: number; size: number }): BlueprintPage {
    const total = this.#latest(owner, projectId).number ?? 0;
    const rows = this.#store.page(owner.workspace, projectId, size, offsetOf({ page, size }));
    return { page, size, total, content: rows.map((row) => this.#show(row)) };
  }

  /**
   * Makes environments use blueprints; all or none.
   * @throws OpikError 400 when a name is there twice, 404
   */
  setEnvironments(owner: Owner, { project_id: projectId, envs }: EnvironmentsRequest): void {
    const names = new Set(envs.map(({ env_name: name }) => name));
    if (names.size < envs.length) throw OpikError.message(400, "Duplicate env names in request");
    this.#context.database.transaction(() => {
      const ids = [...new Set(envs.map(({ blueprint_id: id }) => id))];
      const rows = new Map(ids.map((id) => [id, this.#blueprintOf(owner, projectId, id)]));
      const missing = ids.filter((id) => rows.get(id) === undefined);
      if (missing.length > 0) throw OpikError.message(404, `Blueprints not found: [${missing.join(", ")}]`);
      for (const { env_name: name, blueprint_id: id } of envs) {
        const row = rows.get(id);
        if (row !== undefined) this.#store.setEnvironment(row, name);
      }
      this.#changed(owner, projectId);
    });
  }

  /**
   * Makes an environment use the blueprint of that name.
   * @throws OpikError 404
   */
  setEnvironment(owner: Owner, projectId: string, name: string, blueprintName: string): void {
    this.#context.database.transaction(() => {
      this.#store.setEnvironment(this.#byName(owner, projectId, blueprintName), name);
      this.#changed(owner, projectId);
    });
  }

  /** Deletes an environment; does nothing when there is none. */
  deleteEnvironment(owner: Owner, projectId: string, name: string): void {
    this.#context.database.transaction(() => {
      this.#store.deleteEnvironment(owner.workspace, projectId, name);
      this.#changed(owner, projectId);
    });
  }

  #add(owner: Owner, projectId: string, blueprint: NewBlueprint): BlueprintRow {
    const { workspace, user } = owner;
    const id = blueprint.id ?? this.#context.ids.uuid();
    if (this.#store.find(workspace, id) !== undefined) throw OpikError.errors(409, `Blueprint '${id}' already exists`);
    const latest = this.#store.latest(workspace, projectId);
    const isMask = blueprint.type === "mask";
    const before = latest === undefined || isMask ? [] : valuesOf(latest);
    const now = this.#context.clock.now();
    const row = BLUEPRINTS.row({
      workspace,
      id,
      project_id: projectId,
      number: isMask ? null : (latest?.number ?? 0) + 1,
      description: blueprint.description ?? describeChanges(before, blueprint.values) ?? null,
      values_json: JSON.stringify(blueprint.values),
      created_at: now,
      created_by: user,
      last_updated_at: now,
      last_updated_by: user,
    });
    this.#store.insert(row);
    this.#changed(owner, projectId);
    return row;
  }

  #changed({ workspace }: Owner, projectId: string): void {
    this.#context.events.emit("agent-configs:written", { project_id: projectId, workspace });
  }

  /** @throws OpikError 404 */
  #existingProject(owner: Owner, project: ProjectReference): string {
    const { project_id: id, project_name: name = "" } = project;
    if (id !== undefined) return this.#projects.get(owner, id).id;
    const found = this.#projects.idByName(owner, name.trim());
    if (found === undefined) throw OpikError.message(404, `Project '${name.trim()}' not found`);
    return found;
  }

  #latest({ workspace }: Owner, projectId: string): BlueprintRow {
    const row = this.#store.latest(workspace, projectId);
    if (row === undefined) throw OpikError.message(404, `No configuration found for project '${projectId}'`);
    return row;
  }

  #byName({ workspace }: Owner, projectId: string, name: string): BlueprintRow {
    const [, number] = NAME.exec(name) ?? [];
    const row = number === undefined ? undefined : this.#store.byNumber(workspace, projectId, Number(number));
    if (row === undefined) throw OpikError.message(404, `Blueprint with name '${name}' not found`);
    return row;
  }

  /** The blueprint of a project, not a mask. */
  #blueprintOf({ workspace }: Owner, projectId: string, id: string): BlueprintRow | undefined {
    const row = this.#store.find(workspace, id);
    return row?.project_id === projectId && row.number !== null ? row : undefined;
  }

  #show(row: BlueprintRow, maskId?: string): Blueprint {
    const { workspace, id, number } = row;
    const environments = this.#store.environmentsOf(workspace, id);
    return {
      id,
      name: number === null ? "" : `v${number}`,
      type: number === null ? "mask" : "blueprint",
      description: row.description ?? undefined,
      envs: environments.length === 0 ? undefined : environments,
      created_at: timeField(row.created_at),
      created_by: row.created_by,
      last_updated_at: timeField(row.last_updated_at),
      last_updated_by: row.last_updated_by,
      values: maskId === undefined ? valuesOf(row) : this.#masked(row, maskId),
    };
  }

  #masked(row: BlueprintRow, maskId: string): ConfigValue[] {
    const mask = this.#store.find(row.workspace, maskId);
    if (mask?.project_id !== row.project_id || mask.number !== null)
      throw OpikError.message(404, `Mask blueprint '${maskId}' not found in project '${row.project_id}'`);
    return masked(valuesOf(row), valuesOf(mask));
  }
}

function valuesOf(row: BlueprintRow): ConfigValue[] {
  return JSON.parse(row.values_json) as ConfigValue[];
}
