import { comparisonKey, fold } from "../../../core/comparison-key.ts";
import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectReference, ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import type { Sorting } from "../../wire/sorting.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import { promptOrder, SORTABLE_PROMPT_FIELDS, type SortablePromptField } from "./lists.ts";
import { toPrompt } from "./row.ts";
import type {
  ListedPrompt,
  NewPrompt,
  Prompt,
  PromptPage,
  PromptUpdate,
  PromptVersion,
  TemplateStructure,
  VersionCreation,
} from "./schema.ts";
import { type PromptRow, PROMPTS, PromptStore, type VersionRow } from "./store.ts";
import type { PromptVersionService } from "./version-service.ts";

export interface PromptServiceDependencies {
  projects: ProjectService;
  versions: PromptVersionService;
}

/** Which prompts, in which order. Pages count from 1. */
export interface PromptFilter {
  page: number;
  size: number;
  /** A part of the name in any case, in which `%` and `_` stand for any text and any character. */
  name?: string | undefined;
  project_id?: string | undefined;
  sorting?: Sorting<SortablePromptField> | undefined;
  filters: FilterConditions;
}

/** The version of a prompt that is requested besides the latest. */
export interface RequestedVersion {
  mask_id?: string | undefined;
  environment?: string | undefined;
}

/** The fields of a new prompt. */
interface PromptContent extends ProjectReference {
  id?: string | undefined;
  name: string;
  description?: string | undefined;
  template_structure?: TemplateStructure | undefined;
  tags?: string[] | undefined;
}

/** Prompts: names are unique in a project as MySQL compares them. */
export class PromptService {
  readonly #context: OpikContext;
  readonly #store: PromptStore;
  readonly #projects: ProjectService;
  readonly #versions: PromptVersionService;

  constructor(context: OpikContext, dependencies: PromptServiceDependencies) {
    this.#context = context;
    this.#store = new PromptStore(context.database);
    this.#projects = dependencies.projects;
    this.#versions = dependencies.versions;
  }

  /**
   * Creates a prompt, with its first version when there is a template.
   * @returns its id
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown project id, 409 when the name or id is taken
   */
  create(owner: Owner, prompt: NewPrompt): string {
    return this.#context.database.transaction(() => {
      const row = this.#add(owner, prompt);
      const { template, metadata, type, change_description } = prompt;
      if (template !== undefined) this.#versions.add(owner, row, { template, metadata, type, change_description });
      return row.id;
    });
  }

  /**
   * Adds a version to the prompt of that name, which is made when the project has none. Without a project it is that of
   * the default project, or else of any.
   * @throws OpikError 404 for an unknown project id, and what adding a version throws
   */
  createVersion(owner: Owner, { name, version, ...rest }: VersionCreation): PromptVersion {
    return this.#context.database.transaction(() => {
      const prompt = this.#findForWrite(owner, name, rest) ?? this.#add(owner, { name, ...rest });
      return this.#versions.add(owner, prompt, version);
    });
  }

  /**
   * @throws OpikError 400 for both a mask and an environment, 404 for the prompt, the mask or the environment
   */
  get(owner: Owner, id: string, { mask_id, environment }: RequestedVersion = {}): Prompt {
    if (mask_id !== undefined && environment !== undefined)
      throw OpikError.message(400, "mask_id and environment are mutually exclusive");
    const row = this.#store.find(owner.workspace, id) ?? notFound();
    return this.#show(row, this.#requested(row, { mask_id, environment }));
  }

  /**
   * The prompt with the version of that commit.
   * @throws OpikError 404, 409 when versions of several prompts have it
   */
  getByCommit(owner: Owner, commit: string): Prompt {
    const [version, another] = this.#store.versionsWithCommit(owner.workspace, commit);
    if (version === undefined) throw versionNotFound();
    if (another !== undefined)
      throw OpikError.message(409, `Ambiguous commit: multiple prompt versions found for commit '${commit}'`);
    return this.#show(this.#store.find(owner.workspace, version.prompt_id) ?? notFound(), version);
  }

  /** One page of a workspace's prompts, by default the newest id first. */
  list({ workspace }: Owner, filter: PromptFilter): PromptPage {
    const { page, name, project_id, filters } = filter;
    const { total, rows } = this.#store.list({
      where: [
        sql`workspace = ${workspace}`,
        project_id === undefined ? undefined : sql`project_id = ${project_id}`,
        name === undefined ? undefined : sql`name_key LIKE ${`%${fold(name)}%`} ESCAPE '\\'`,
        ...filters.where,
      ],
      order: promptOrder(filter.sorting),
      limit: filter.size,
      offset: offsetOf(filter),
    });
    const content: ListedPrompt[] = rows.map(toPrompt);
    return { page, size: content.length, total, content, sortable_by: [...SORTABLE_PROMPT_FIELDS] };
  }

  /**
   * Writes name, description and, if given, tags of a prompt.
   * @throws OpikError 404, 409 when the name is another's
   */
  update(owner: Owner, id: string, { name, description, tags }: PromptUpdate): void {
    this.#context.database.transaction(() => {
      const row = this.#store.find(owner.workspace, id) ?? notFound();
      const key = comparisonKey(name);
      if ((this.#store.findIn(owner.workspace, key, row.project_id)?.id ?? id) !== id) throw isTaken();
      this.#store.update({
        ...row,
        name,
        name_key: key,
        description: description ?? null,
        tags_json: tags === undefined ? row.tags_json : JSON.stringify(tags),
        last_updated_at: this.#context.clock.now(),
        last_updated_by: owner.user,
      });
      this.#context.events.emit("prompts:written", { ids: [id], workspace: owner.workspace });
    });
  }

  /**
   * Deletes a prompt with its versions.
   * @throws OpikError 404
   */
  delete(owner: Owner, id: string): void {
    if (this.#store.find(owner.workspace, id) === undefined) notFound();
    this.deleteAll(owner, [id]);
  }

  /** Deletes prompts with their versions; ignores those that do not exist. */
  deleteAll({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      const deleted = ids.filter((id) => this.#store.delete(workspace, id));
      if (deleted.length > 0) this.#context.events.emit("prompts:deleted", { ids: deleted, workspace });
    });
  }

  #add(owner: Owner, prompt: PromptContent): PromptRow {
    const { workspace, user } = owner;
    const id = prompt.id ?? this.#context.ids.uuid();
    requireVersion7(id, "prompt");
    const now = this.#context.clock.now();
    const row = PROMPTS.row({
      workspace,
      id,
      project_id: this.#projects.idForWrite(owner, prompt),
      name: prompt.name,
      name_key: comparisonKey(prompt.name),
      description: prompt.description ?? null,
      template_structure: prompt.template_structure ?? "text",
      tags_json: prompt.tags === undefined ? null : JSON.stringify(prompt.tags),
      created_at: now,
      created_by: user,
      last_updated_at: now,
      last_updated_by: user,
    });
    const existing = this.#store.find(workspace, id) ?? this.#store.findIn(workspace, row.name_key, row.project_id);
    if (existing !== undefined) throw isTaken();
    this.#store.insert(row);
    this.#context.events.emit("prompts:written", { ids: [id], workspace });
    return row;
  }

  #findForWrite(owner: Owner, name: string, project: ProjectReference): PromptRow | undefined {
    const { workspace } = owner;
    const key = comparisonKey(name);
    const inProject = this.#store.findIn(workspace, key, this.#projects.idForWrite(owner, project));
    const isNamed = project.project_id !== undefined || project.project_name !== undefined;
    return inProject ?? (isNamed ? undefined : this.#store.findAnywhere(workspace, key));
  }

  #requested(prompt: PromptRow, { mask_id, environment }: RequestedVersion): VersionRow | undefined {
    if (mask_id !== undefined) {
      const mask = this.#store.findVersion(prompt.workspace, mask_id);
      if (mask?.prompt_id !== prompt.id || mask.number !== null) throw versionNotFound();
      return mask;
    }
    if (environment === undefined) return undefined;
    const row = this.#store.versionByEnvironment(prompt, environment);
    if (row === undefined) throw versionNotFound();
    return row;
  }

  #show(row: PromptRow, requested: VersionRow | undefined): Prompt {
    const latest = this.#store.latestVersion(row);
    return {
      ...toPrompt(row),
      latest_version: latest && this.#versions.show(latest, row),
      requested_version: requested && this.#versions.show(requested, row),
    };
  }
}

function notFound(): never {
  throw OpikError.message(404, "Prompt not found");
}

function versionNotFound(): OpikError {
  return OpikError.message(404, "Prompt version not found");
}

function isTaken(): OpikError {
  return OpikError.message(409, "Prompt id or name already exists");
}
