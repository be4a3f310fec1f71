import { deleteWithParts } from "../../../database/deletion-with-parts.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { BatchUpdate } from "../../tracing/batch.ts";
import { changedTags } from "../../tracing/tags.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import { jsonColumn } from "../datasets/items/content.ts";
import { MAX_STREAM } from "../datasets/items/schema.ts";
import type { DatasetService } from "../datasets/service.ts";
import type { VersionService } from "../datasets/versions/service.ts";
import type { PromptVersionService } from "../prompts/version-service.ts";
import type { ExperimentFilter } from "./filters.ts";
import { generatedName } from "./generated-name.ts";
import type { ComparedExperiment } from "./items/reader.ts";
import type { ExperimentItemService } from "./items/service.ts";
import { EXPERIMENTS, type ExperimentRow } from "./row.ts";
import {
  type Experiment,
  type ExperimentPage,
  type ExperimentUpdate,
  type NewExperiment,
  type PromptVersionLink,
  SORTABLE_EXPERIMENT_FIELDS,
  type StreamExperiments,
} from "./schema.ts";
import { conditionsOf, ExperimentStore } from "./store.ts";
import type { Summaries } from "./summary.ts";

export interface ExperimentServiceDependencies {
  projects: ProjectService;
  datasets: DatasetService;
  versions: VersionService;
  promptVersions: PromptVersionService;
  items: ExperimentItemService;
  summaries: Summaries;
}

/** The rules of experiments [opik 11.1]. */
export class ExperimentService {
  readonly #context: OpikContext;
  readonly #store: ExperimentStore;
  readonly #projects: ProjectService;
  readonly #datasets: DatasetService;
  readonly #versions: VersionService;
  readonly #promptVersions: PromptVersionService;
  readonly #items: ExperimentItemService;
  readonly #summaries: Summaries;

  constructor(context: OpikContext, dependencies: ExperimentServiceDependencies) {
    this.#context = context;
    this.#store = new ExperimentStore(context.database);
    this.#projects = dependencies.projects;
    this.#datasets = dependencies.datasets;
    this.#versions = dependencies.versions;
    this.#promptVersions = dependencies.promptVersions;
    this.#items = dependencies.items;
    this.#summaries = dependencies.summaries;
  }

  /**
   * Creates an experiment; one of an id that exists is not changed.
   * @returns its id
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown project id, 409 for a version that is not the
   *   dataset's and for an unknown version of a prompt
   */
  create(owner: Owner, experiment: NewExperiment): string {
    const { workspace, user } = owner;
    const id = experiment.id ?? this.#context.ids.uuid();
    requireVersion7(id, "Experiment");
    return this.#context.database.transaction(() => {
      if (this.#store.find(workspace, id) !== undefined) return id;
      const datasetId = this.#datasetOf(owner, experiment);
      const now = this.#context.clock.now();
      const name = experiment.name?.trim() ? experiment.name : generatedName(this.#context.ids);
      this.#store.insert({
        workspace,
        id,
        dataset_id: datasetId,
        dataset_version_id: this.#versionOf(owner, datasetId, experiment.dataset_version_id),
        project_id: this.#projectOf(owner, experiment),
        name,
        type: experiment.type ?? "regular",
        evaluation_method: experiment.evaluation_method ?? "dataset",
        optimization_id: experiment.optimization_id ?? null,
        status: experiment.status ?? null,
        metadata_json: experiment.metadata?.text ?? null,
        tags_json: jsonColumn(experiment.tags),
        experiment_scores_json: jsonColumn(experiment.experiment_scores),
        prompt_versions_json: this.#promptsOf(owner, experiment),
        created_at: now,
        created_by: user,
        last_updated_at: now,
        last_updated_by: user,
      });
      this.#datasets.noteExperiment(owner, datasetId);
      this.#context.events.emit("experiment:created", { id, name, dataset_id: datasetId, workspace });
      return id;
    });
  }

  find({ workspace }: Owner, id: string): ExperimentRow | undefined {
    return this.#store.find(workspace, id);
  }

  /** @throws OpikError 404 */
  async get(owner: Owner, id: string): Promise<Experiment> {
    const row = this.#store.find(owner.workspace, id);
    if (row === undefined) throw OpikError.message(404, `Not found experiment with id '${id}'`);
    return this.#show(owner, row);
  }

  /**
   * Changes what the update has; tags are added and removed, or else replaced.
   * @throws OpikError 404, 422 for too many tags
   */
  update(owner: Owner, id: string, update: ExperimentUpdate): void {
    this.#context.database.transaction(() => {
      const row = this.#store.find(owner.workspace, id);
      if (row === undefined) throw OpikError.message(404, `Experiment not found: '${id}'`);
      this.#change(owner, row, update, false);
    });
  }

  /**
   * The same of several experiments; those that do not exist are left out.
   * @throws OpikError 422 for too many tags; then none is changed
   */
  updateBatch(owner: Owner, { ids, update, merge_tags: mergeTags = false }: BatchUpdate<ExperimentUpdate>): void {
    this.#context.database.transaction(() => {
      const rows = ids.map((id) => this.#store.find(owner.workspace, id)).filter((row) => row !== undefined);
      for (const row of rows) this.#change(owner, row, update, mergeTags);
    });
  }

  /** Deletes experiments with their items; ignores those that do not exist. */
  async delete(owner: Owner, ids: readonly string[]): Promise<void> {
    const { workspace } = owner;
    const known = ids.filter((id) => this.find(owner, id) !== undefined);
    await deleteWithParts(this.#context.database, known, {
      deleteParts: (id, limit) => this.#items.deleteSome(workspace, id, limit),
      deleteThing: (id) => this.#store.delete(workspace, id),
      follow: (deleted) => this.#context.events.emit("experiments:deleted", { ids: deleted, workspace }),
    });
  }

  /** Notes that experiments are finished, which changes nothing that is stored [opik 11.1]. */
  finish({ workspace }: Owner, ids: readonly string[]): void {
    const known = ids.filter((id) => this.#store.find(workspace, id) !== undefined);
    if (known.length > 0) this.#context.events.emit("experiments:finished", { ids: known, workspace });
  }

  /** One page of a workspace's experiments, by default the newest id first. */
  async list(owner: Owner, filter: ExperimentFilter): Promise<ExperimentPage> {
    const conditions = conditionsOf({
      workspace: owner.workspace,
      ids: filter.experiment_ids,
      datasetId: filter.dataset_id,
      projectId: filter.project_id,
      optimizationId: filter.optimization_id,
      name: filter.name,
      types: filter.types,
      datasetDeleted: filter.dataset_deleted,
      projectDeleted: filter.project_deleted,
      promptId: filter.prompt_id,
    });
    const where = [...conditions, ...filter.filters.where];
    const { total, rows } = this.#store.page(where, filter.sorting, filter.size, offsetOf(filter));
    return {
      page: filter.page,
      size: rows.length,
      total,
      content: await this.#showAll(owner, rows),
      sortable_by: [...SORTABLE_EXPERIMENT_FIELDS],
    };
  }

  /** Some experiments with a part of the name, the newest id first. */
  stream(owner: Owner, { name, last_retrieved_id, limit, project_name }: StreamExperiments): Promise<Experiment[]> {
    const projectId = this.#projectNamed(owner, project_name);
    if (projectId === null) return Promise.resolve([]);
    const where = conditionsOf({ workspace: owner.workspace, name, projectId });
    return this.#showAll(owner, this.#store.after(where, last_retrieved_id, limit ?? MAX_STREAM));
  }

  /** The ids of the experiments of this name. */
  idsOfName(owner: Owner, name: string, projectName: string | undefined): string[] {
    const projectId = this.#projectNamed(owner, projectName);
    if (projectId === null) return [];
    const where = conditionsOf({ workspace: owner.workspace, exactName: name, projectId });
    return this.#store.after(where, undefined, MAX_STREAM).map(({ id }) => id);
  }

  /** Those of these experiments that ran a dataset, with the version that they ran. */
  compared({ workspace }: Owner, datasetId: string, ids: readonly string[]): ComparedExperiment[] {
    return ids.flatMap((id) => {
      const row = this.#store.find(workspace, id);
      if (row?.dataset_id !== datasetId) return [];
      const versionId = row.dataset_version_id;
      const version = versionId === null ? undefined : this.#versions.find(workspace, datasetId, versionId);
      return [{ id, version: version?.number }];
    });
  }

  async #showAll(owner: Owner, rows: readonly ExperimentRow[]): Promise<Experiment[]> {
    const shown: Experiment[] = [];
    for (const row of rows) shown.push(await this.#show(owner, row));
    return shown;
  }

  async #show(owner: Owner, row: ExperimentRow): Promise<Experiment> {
    const { workspace, dataset_id, dataset_version_id, project_id } = row;
    const version =
      dataset_version_id === null ? undefined : this.#versions.find(workspace, dataset_id, dataset_version_id);
    const fields = EXPERIMENTS.toFields(row);
    const prompts = this.#showPrompts(owner, row);
    return {
      ...fields,
      dataset_name: this.#datasets.find(owner, dataset_id)?.name,
      project_name: project_id === null ? undefined : this.#projects.nameOf(owner, project_id),
      tags: row.tags_json === "[]" ? undefined : fields.tags,
      status: row.status ?? "completed",
      prompt_version: prompts?.[0],
      prompt_versions: prompts,
      dataset_version_summary: version && this.#versions.summarize(version),
      ...(await this.#summaries.summarize(owner, row)),
    };
  }

  #change(owner: Owner, row: ExperimentRow, update: ExperimentUpdate, mergeTags: boolean): void {
    this.#store.update({
      ...row,
      name: update.name ?? row.name,
      type: update.type ?? row.type,
      status: update.status ?? row.status,
      metadata_json: update.metadata?.text ?? row.metadata_json,
      tags_json: changedTags(row.tags_json, update, mergeTags) ?? row.tags_json,
      experiment_scores_json: jsonColumn(update.experiment_scores) ?? row.experiment_scores_json,
      last_updated_at: this.#context.clock.now(),
      last_updated_by: owner.user,
    });
    this.#context.events.emit("experiment:updated", { id: row.id, workspace: row.workspace });
  }

  /** The dataset of that name in the project, in the workspace, or a new one. */
  #datasetOf(owner: Owner, experiment: NewExperiment): string {
    const { dataset_name, project_name } = experiment;
    const found = this.#datasets.lookUp(owner, { dataset_name, project_name });
    return found?.row.id ?? this.#datasets.getOrCreate(owner, dataset_name, experiment);
  }

  #versionOf({ workspace }: Owner, datasetId: string, id: string | undefined): string | null {
    if (id === undefined) return this.#versions.latest(workspace, datasetId)?.id ?? null;
    if (this.#versions.find(workspace, datasetId, id) !== undefined) return id;
    throw OpikError.message(409, "Dataset version not found");
  }

  /** The versions of prompts that an experiment names, with their prompts. */
  #promptsOf(owner: Owner, { prompt_version: one, prompt_versions: several = [] }: NewExperiment): string | null {
    const ids = [...new Set([...several, ...(one === undefined ? [] : [one])].map(({ id }) => id))];
    if (ids.length === 0) return null;
    const found = this.#promptVersions.getAll(owner, ids);
    if (found.length < ids.length) throw OpikError.message(409, "Prompt version not found");
    return JSON.stringify(found.map(({ id, prompt_id }) => ({ id, prompt_id })));
  }

  #showPrompts(owner: Owner, { prompt_versions_json: json }: ExperimentRow): PromptVersionLink[] | undefined {
    if (json === null) return undefined;
    const stored = JSON.parse(json) as Array<{ id: string; prompt_id: string }>;
    return stored.map(({ id, prompt_id }) => {
      const link = this.#promptVersions.linkOf(owner, id);
      return { id, prompt_version_id: id, commit: link?.commit, prompt_id, prompt_name: link?.prompt_name };
    });
  }

  #projectOf(owner: Owner, experiment: NewExperiment): string | null {
    if (experiment.project_id === undefined && experiment.project_name === undefined) return null;
    return this.#projects.idForWrite(owner, experiment);
  }

  /** The id of a project that is named; `null` when there is none of that name. */
  #projectNamed(owner: Owner, name: string | undefined): string | null | undefined {
    return name === undefined ? undefined : (this.#projects.idByName(owner, name) ?? null);
  }
}
