import { comparisonKey } from "../../../core/comparison-key.ts";
import type { RawJson } from "../../../core/json.ts";
import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { EnvironmentService } from "../../environments/service.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import type { Sorting } from "../../wire/sorting.ts";
import { inSetOrder } from "../../wire/text-set.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import { SORTABLE_VERSION_FIELDS, type SortableVersionField, versionOrder } from "./lists.ts";
import { toVersion } from "./row.ts";
import type {
  ListedVersion,
  NewPromptVersion,
  PromptVersion,
  PromptVersionPage,
  VersionLink,
  VersionSelector,
  VersionsUpdate,
} from "./schema.ts";
import { type PromptRow, PromptStore, type VersionRow, VERSIONS } from "./store.ts";
import { variablesOf } from "./variables.ts";

export interface VersionServiceDependencies {
  projects: ProjectService;
  environments: EnvironmentService;
}

/** Which versions of a prompt, in which order. Pages count from 1. */
export interface VersionFilter {
  page: number;
  size: number;
  /** A part of the template or of the description of the change. */
  search?: string | undefined;
  sorting?: Sorting<SortableVersionField> | undefined;
  filters: FilterConditions;
}

/** A version that was looked for by the name of its prompt. */
export interface FoundVersion {
  version: PromptVersion;
  /** It is in another project than the one that was named. */
  isElsewhere: boolean;
}

/** The number of letters at the end of a version's id that are its commit. */
const COMMIT_LENGTH = 8;

/** The versions of prompts, and the masks that replace them while an agent is tested. */
export class PromptVersionService {
  readonly #context: OpikContext;
  readonly #store: PromptStore;
  readonly #projects: ProjectService;
  readonly #environments: EnvironmentService;

  constructor(context: OpikContext, dependencies: VersionServiceDependencies) {
    this.#context = context;
    this.#store = new PromptStore(context.database);
    this.#projects = dependencies.projects;
    this.#environments = dependencies.environments;
  }

  /**
   * Adds a version or a mask to a prompt; a version takes its environments over from others of the prompt, and makes
   * those that do not exist.
   * @throws OpikError 400 for an id that is no UUIDv7, 409 when the id or the commit is taken
   */
  add(owner: Owner, prompt: PromptRow, version: Partial<NewPromptVersion> & { template: string }): PromptVersion {
    const id = version.id ?? this.#context.ids.uuid();
    requireVersion7(id, "prompt version");
    const { workspace } = owner;
    return this.#context.database.transaction(() => {
      const commit = version.commit ?? id.slice(-COMMIT_LENGTH);
      const isTaken =
        this.#store.findVersion(workspace, id) !== undefined ||
        this.#store.versionByCommit(prompt, commit) !== undefined;
      if (isTaken) throw OpikError.message(409, "Prompt version already exists");
      const now = this.#context.clock.now();
      const number = version.version_type === "mask" ? null : prompt.version_count + 1;
      const row = VERSIONS.row({
        workspace,
        id,
        prompt_id: prompt.id,
        number,
        commit_hash: commit,
        template: version.template,
        metadata_json: textOf(version.metadata),
        type: version.type ?? "mustache",
        change_description: version.change_description ?? null,
        tags_json: version.tags === undefined ? null : JSON.stringify(version.tags),
        created_at: now,
        created_by: owner.user,
      });
      this.#store.insertVersion(row);
      const changed = { last_updated_at: now, last_updated_by: owner.user };
      this.#store.update({ ...prompt, ...changed, version_count: number ?? prompt.version_count });
      const environments = version.environments ?? (version.environment === undefined ? [] : [version.environment]);
      for (const name of environments) this.#environments.mention(owner, name);
      if (environments.length > 0) this.#store.setEnvironments(row, environments);
      this.#context.events.emit("prompts:written", { ids: [prompt.id], workspace });
      return this.show(row, prompt);
    });
  }

  /**
   * Creates a new version with the content of an old one.
   * @throws OpikError 404
   */
  restore(owner: Owner, promptId: string, versionId: string): PromptVersion {
    return this.#context.database.transaction(() => {
      const { workspace } = owner;
      const row = this.#store.findVersion(workspace, versionId) ?? notFound();
      const prompt = this.#store.find(workspace, promptId);
      if (prompt === undefined || row.prompt_id !== promptId)
        throw OpikError.message(404, "Prompt version not found for the specified prompt");
      const { template, type, metadata } = this.show(row, prompt);
      const change_description = `Restored from version ${row.commit_hash}`;
      return this.add(owner, prompt, { template, type, metadata, change_description });
    });
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): PromptVersion {
    return this.#showFound(this.#store.findVersion(owner.workspace, id) ?? notFound());
  }

  /**
   * @param number `v3`
   * @throws OpikError 404
   */
  getByNumber(owner: Owner, promptId: string, number: string): PromptVersion {
    const row = this.#store.versionByNumber(owner.workspace, promptId, Number(number.slice(1)));
    return this.#showFound(row ?? notFound());
  }

  /** The versions and masks with these ids, without those that do not exist. */
  getAll(owner: Owner, ids: readonly string[]): PromptVersion[] {
    return ids
      .map((id) => this.#store.findVersion(owner.workspace, id))
      .filter((row) => row !== undefined)
      .map((row) => this.#showFound(row));
  }

  /** A version with its prompt; `undefined` when it does not exist. */
  linkOf({ workspace }: Owner, id: string): VersionLink | undefined {
    const row = this.#store.findVersion(workspace, id);
    const prompt = row && this.#store.find(workspace, row.prompt_id);
    return (
      row && { commit: row.commit_hash, prompt_version_id: id, prompt_id: row.prompt_id, prompt_name: prompt?.name }
    );
  }

  /** The version and prompt of each commit. */
  links(owner: Owner, commits: readonly string[]): VersionLink[] {
    return commits.map((commit) => {
      const [row] = this.#store.versionsWithCommit(owner.workspace, commit);
      const prompt = row && this.#promptOf(row);
      return { commit, prompt_version_id: row?.id, prompt_id: row?.prompt_id, prompt_name: prompt?.name };
    });
  }

  /**
   * The version of a prompt that is named, by default the latest. A prompt that the named project does not have is looked
   * for in the whole workspace.
   * @throws OpikError 404
   */
  retrieve(owner: Owner, selector: VersionSelector): FoundVersion {
    const { prompt, isElsewhere } = this.#findPrompt(owner, selector);
    const row = this.select(prompt, selector) ?? notFound();
    return { version: this.show(row, prompt), isElsewhere };
  }

  /** The version of a prompt that a selector means, by default the latest. */
  select(prompt: PromptRow, selector: Omit<VersionSelector, "name" | "project_name">): VersionRow | undefined {
    const { commit, environment, version_number: number } = selector;
    if (commit) return this.#versionByCommit(prompt, commit);
    if (environment) return this.#store.versionByEnvironment(prompt, environment);
    if (number) return this.#store.versionByNumber(prompt.workspace, prompt.id, Number(number.slice(1)));
    return this.#store.latestVersion(prompt);
  }

  /** One page of the versions of a prompt, by default the newest id first; without its masks. */
  list({ workspace }: Owner, promptId: string, filter: VersionFilter): PromptVersionPage {
    const { search, filters } = filter;
    const prompt = this.#store.find(workspace, promptId);
    const { total, size, rows } = this.#store.listVersions(workspace, {
      where: [
        sql`prompt_id = ${promptId}`,
        search === undefined
          ? undefined
          : sql`(template LIKE ${likely(search)} OR change_description LIKE ${likely(search)})`,
        ...filters.where,
      ],
      order: versionOrder(filter.sorting),
      limit: filter.size,
      offset: offsetOf(filter),
    });
    const show = (row: VersionRow): ListedVersion[] =>
      prompt === undefined ? [] : [toVersion(row, prompt, this.#store.environmentsOf(row))];
    return {
      page: filter.page,
      size,
      total,
      content: rows.flatMap(show),
      sortable_by: [...SORTABLE_VERSION_FIELDS],
    };
  }

  /** Changes the tags of versions; ignores those that do not exist. */
  update({ workspace }: Owner, { ids, update, merge_tags: merges }: VersionsUpdate): void {
    const { tags } = update;
    if (tags === undefined) return;
    this.#context.database.transaction(() => {
      const rows = [...new Set(ids)]
        .map((id) => this.#store.findVersion(workspace, id))
        .filter((row) => row !== undefined);
      for (const row of rows) {
        const kept = merges ? (JSON.parse(row.tags_json ?? "[]") as string[]) : [];
        this.#store.setVersionTags(workspace, row.id, JSON.stringify(inSetOrder([...kept, ...tags])));
      }
      const prompts = [...new Set(rows.map(({ prompt_id }) => prompt_id))];
      if (prompts.length > 0) this.#context.events.emit("prompts:written", { ids: prompts, workspace });
    });
  }

  /**
   * Makes exactly these environments use a version; other versions of the prompt lose them.
   * @throws OpikError 404, 409 when an environment does not exist
   */
  setEnvironments({ workspace }: Owner, id: string, environments: readonly string[]): void {
    this.#context.database.transaction(() => {
      const row = this.#store.findVersion(workspace, id) ?? notFound();
      const unknown = environments.filter((name) => !this.#environments.exists(workspace, name));
      if (unknown.length > 0) {
        const names = inSetOrder(unknown).join(", ");
        throw OpikError.message(409, `Environments do not exist in the workspace: '[${names}]'`);
      }
      this.#store.setEnvironments(row, environments);
      this.#context.events.emit("prompts:written", { ids: [row.prompt_id], workspace });
    });
  }

  /** A version as clients see it. */
  show(row: VersionRow, prompt: PromptRow): PromptVersion {
    const version = toVersion(row, prompt, this.#store.environmentsOf(row));
    return { ...version, variables: variablesOf(row.template, row.type) };
  }

  #showFound(row: VersionRow): PromptVersion {
    return this.show(row, this.#promptOf(row));
  }

  #promptOf({ workspace, prompt_id }: VersionRow): PromptRow {
    return this.#store.find(workspace, prompt_id) ?? notFound();
  }

  /** Not a mask, which has a commit too. */
  #versionByCommit(prompt: PromptRow, commit: string): VersionRow | undefined {
    const row = this.#store.versionByCommit(prompt, commit);
    return row === undefined || row.number === null ? undefined : row;
  }

  #findPrompt(owner: Owner, { name, project_name }: VersionSelector): { prompt: PromptRow; isElsewhere: boolean } {
    const key = comparisonKey(name);
    const projectId = project_name === undefined ? undefined : this.#projects.idByName(owner, project_name);
    const inProject = projectId && this.#store.findIn(owner.workspace, key, projectId);
    const prompt = inProject || this.#store.findAnywhere(owner.workspace, key);
    if (prompt === undefined) throw OpikError.message(404, "Prompt not found");
    return { prompt, isElsewhere: project_name !== undefined && !inProject };
  }
}

function notFound(): never {
  throw OpikError.message(404, "Prompt version not found");
}

/** A pattern for text that contains another one, in which `%` and `_` stand for any text, as in MySQL. */
function likely(text: string): string {
  return `%${text}%`;
}

function textOf(json: RawJson | undefined): string | null {
  return json === undefined || json.isNull ? null : json.text;
}
