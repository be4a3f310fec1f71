import { comparisonKey, fold } from "../../../core/comparison-key.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectReference, ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { timeField } from "../../wire/columns.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import type { Sorting } from "../../wire/sorting.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import {
  type Dataset,
  type DatasetIdentifier,
  type DatasetPage,
  type DatasetStatus,
  type DatasetUpdate,
  type NewDataset,
  SORTABLE_DATASET_FIELDS,
  type SortableDatasetField,
} from "./schema.ts";
import { type DatasetRow, DATASETS, DatasetStore } from "./store.ts";
import type { VersionService } from "./versions/service.ts";

export type { DatasetRow } from "./store.ts";

export interface DatasetServiceDependencies {
  projects: ProjectService;
  versions: VersionService;
}

/** Which datasets, in which order. Pages count from 1. */
export interface DatasetFilter {
  page: number;
  size: number;
  name?: string | undefined;
  project_id?: string | undefined;
  with_experiments_only?: boolean | undefined;
  with_optimizations_only?: boolean | undefined;
  /** Only datasets of experiments with a version of this prompt. */
  prompt_id?: string | undefined;
  filters?: FilterConditions;
  sorting?: Sorting<SortableDatasetField> | undefined;
}

/** A dataset that was looked for by its name. */
export interface FoundDataset {
  row: DatasetRow;
  /** It was not found in the project that the request names, but elsewhere in the workspace. */
  isElsewhere: boolean;
}

/** The rules of datasets: names are unique in a project as MySQL compares them [opik 10.1]. */
export class DatasetService {
  readonly #context: OpikContext;
  readonly #store: DatasetStore;
  readonly #projects: ProjectService;
  readonly #versions: VersionService;

  constructor(context: OpikContext, { projects, versions }: DatasetServiceDependencies) {
    this.#context = context;
    this.#store = new DatasetStore(context.database);
    this.#projects = projects;
    this.#versions = versions;
  }

  /**
   * Creates a dataset.
   * @returns its id
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown project id, 409 when the name or id is taken
   */
  create(owner: Owner, dataset: NewDataset): string {
    return this.#context.database.transaction(() => {
      const id = dataset.id ?? this.#context.ids.uuid();
      requireVersion7(id, "dataset");
      const projectId = this.#projectForWrite(owner, dataset);
      if (this.#find(owner, dataset.name, projectId) !== undefined) throw nameIsTaken(dataset.name);
      if (this.#store.findAnywhere(id) !== undefined) throw nameIsTaken(dataset.name);
      this.#add(owner, id, projectId, dataset);
      return id;
    });
  }

  /**
   * The id of the dataset of that name, which is made when there is none.
   * @throws OpikError 404 for an unknown project id
   */
  getOrCreate(owner: Owner, name: string, project: ProjectReference): string {
    return this.#context.database.transaction(() => {
      const projectId = this.#projectForWrite(owner, project);
      const existing = projectId === null ? this.#findInWorkspace(owner, name) : this.#find(owner, name, projectId);
      if (existing !== undefined) return existing.id;
      const id = this.#context.ids.uuid();
      this.#add(owner, id, projectId, { name });
      return id;
    });
  }

  /** The dataset of that name: that of the project, or else one of the workspace. */
  lookUp(owner: Owner, { dataset_name, project_name }: DatasetIdentifier): FoundDataset | undefined {
    const projectId = project_name === undefined ? undefined : this.#projects.idByName(owner, project_name);
    const inProject = projectId === undefined ? undefined : this.#find(owner, dataset_name, projectId);
    if (inProject !== undefined) return { row: inProject, isElsewhere: false };
    const row = this.#findInWorkspace(owner, dataset_name);
    return row && { row, isElsewhere: project_name !== undefined };
  }

  /**
   * The same, as clients see it.
   * @throws OpikError 404
   */
  retrieve(owner: Owner, identifier: DatasetIdentifier): { dataset: Dataset; isElsewhere: boolean } {
    const { row, isElsewhere } = this.lookUp(owner, identifier) ?? notFound();
    return { dataset: this.#show(row), isElsewhere };
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): Dataset {
    return this.#show(this.require(owner, id));
  }

  find({ workspace }: Owner, id: string): DatasetRow | undefined {
    return this.#store.find(workspace, id);
  }

  /** @throws OpikError 404 */
  require(owner: Owner, id: string): DatasetRow {
    return this.find(owner, id) ?? notFound();
  }

  /**
   * Changes what the update has.
   * @throws OpikError 404, 409 when the name is another dataset's
   */
  update(owner: Owner, id: string, update: DatasetUpdate): void {
    this.#context.database.transaction(() => {
      const row = this.require(owner, id);
      const other = this.#find(owner, update.name, row.project_id);
      if (other !== undefined && other.id !== id) throw nameIsTaken(update.name);
      this.#store.update({
        ...row,
        name: update.name,
        name_key: comparisonKey(update.name),
        // An absent description is deleted, unlike visibility and tags.
        description: update.description ?? null,
        visibility: update.visibility ?? row.visibility,
        tags_json: update.tags === undefined ? row.tags_json : JSON.stringify(update.tags),
        last_updated_at: this.#context.clock.now(),
        last_updated_by: owner.user,
      });
      this.#context.events.emit("dataset:updated", { id, workspace: owner.workspace });
    });
  }

  /** Deletes a dataset with its versions, not its items; returns whether there was one. */
  delete({ workspace }: Owner, id: string): boolean {
    return this.#context.database.transaction(() => {
      const isDeleted = this.#store.delete(workspace, id);
      if (isDeleted) this.#context.events.emit("dataset:deleted", { id, workspace });
      return isDeleted;
    });
  }

  /**
   * The id of the dataset of that name, as `lookUp` finds it.
   * @throws OpikError 404
   */
  requireByName(owner: Owner, identifier: DatasetIdentifier): string {
    const { row } = this.lookUp(owner, identifier) ?? notFound();
    return row.id;
  }

  /** One page of a workspace's datasets, by default the newest id first. */
  list({ workspace }: Owner, filter: DatasetFilter): DatasetPage {
    const { page, name } = filter;
    const conditions = {
      workspace,
      projectId: filter.project_id,
      pattern: name === undefined ? undefined : `%${fold(name)}%`,
      withExperimentsOnly: filter.with_experiments_only,
      withOptimizationsOnly: filter.with_optimizations_only,
      promptId: filter.prompt_id,
      others: filter.filters?.where,
    };
    const { total, rows } = this.#store.page(conditions, filter.sorting, filter.size, offsetOf(filter));
    return {
      page,
      size: rows.length,
      total,
      content: rows.map((row) => this.#show(row)),
      sortable_by: [...SORTABLE_DATASET_FIELDS],
    };
  }

  /** Notes that an experiment was made with a dataset now. */
  noteExperiment({ workspace }: Owner, id: string): void {
    this.#store.noteExperiment(workspace, id, this.#context.clock.now());
  }

  /** Notes what became of the last file that was uploaded to a dataset; silent when it does not exist any more. */
  setStatus({ workspace }: Owner, id: string, status: DatasetStatus): void {
    this.#context.database.transaction(() => this.#store.setStatus(workspace, id, status));
  }

  /** Notes that the files that are being read have failed, in all datasets. */
  failProcessing(): void {
    this.#context.database.transaction(() => this.#store.failProcessing());
  }

  #projectForWrite(owner: Owner, project: ProjectReference): string | null {
    if (project.project_id === undefined && project.project_name === undefined) return null;
    return this.#projects.idForWrite(owner, project);
  }

  #find({ workspace }: Owner, name: string, projectId: string | null): DatasetRow | undefined {
    return this.#store.findByKey(workspace, comparisonKey(name), projectId);
  }

  #findInWorkspace({ workspace }: Owner, name: string): DatasetRow | undefined {
    return this.#store.findInWorkspace(workspace, comparisonKey(name));
  }

  #add(
    owner: Owner,
    id: string,
    projectId: string | null,
    dataset: Pick<NewDataset, "name"> & Partial<NewDataset>,
  ): void {
    const now = this.#context.clock.now();
    const { workspace, user } = owner;
    const { name, tags } = dataset;
    const row = DATASETS.row({
      id,
      workspace,
      project_id: projectId,
      name,
      name_key: comparisonKey(name),
      description: dataset.description ?? null,
      type: dataset.type ?? "dataset",
      visibility: dataset.visibility ?? "private",
      tags_json: tags === undefined ? null : JSON.stringify(tags),
      created_at: now,
      created_by: user,
      last_updated_at: now,
      last_updated_by: user,
    });
    this.#store.insert(row);
    this.#context.events.emit("dataset:created", { id, name, workspace });
  }

  #show(row: DatasetRow): Dataset {
    const experiments = this.#store.countExperiments(row.workspace, row.id);
    const version = this.#versions.latest(row.workspace, row.id);
    const tags = JSON.parse(row.tags_json ?? "[]") as string[];
    return {
      id: row.id,
      name: row.name,
      project_id: row.project_id ?? undefined,
      type: row.type,
      visibility: row.visibility,
      tags: tags.length === 0 ? undefined : tags,
      description: row.description ?? undefined,
      created_at: timeField(row.created_at),
      created_by: row.created_by,
      last_updated_at: timeField(row.last_updated_at),
      last_updated_by: row.last_updated_by,
      experiment_count: experiments.count,
      dataset_items_count: version?.items_total ?? 0,
      optimization_count: this.#store.countOptimizations(row.workspace, row.id),
      most_recent_experiment_at: timeField(experiments.latest_at),
      last_created_experiment_at: timeField(row.last_created_experiment_at),
      status: row.status,
      latest_version: version && this.#versions.summarize(version),
    };
  }
}

function notFound(): never {
  throw OpikError.errors(404, "Dataset not found");
}

function nameIsTaken(name: string): OpikError {
  return OpikError.errors(409, `Dataset already exists with name '${name}'`);
}
