import { inSlices } from "../../../core/slices.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { FilterConditions } from "../../search/filters.ts";
import type { AverageScore } from "../../tracing/feedback/schema.ts";
import { ScoreAverages } from "../../tracing/feedback/score.ts";
import type { FeedbackService } from "../../tracing/feedback/service.ts";
import { jsonField } from "../../wire/columns.ts";
import { OpikError } from "../../wire/errors.ts";
import { offsetOf } from "../../wire/page.ts";
import { requireVersion7 } from "../../wire/version-seven.ts";
import { jsonColumn } from "../datasets/items/content.ts";
import type { DatasetService } from "../datasets/service.ts";
import { generatedName } from "../experiments/generated-name.ts";
import type { ExperimentItemService } from "../experiments/items/service.ts";
import type { Optimization, OptimizationPage, OptimizationUpdate, OptimizationWrite } from "./schema.ts";
import { conditionsOf, type OptimizationRow, OPTIMIZATIONS, OptimizationStore } from "./store.ts";

export interface OptimizationServiceDependencies {
  projects: ProjectService;
  datasets: DatasetService;
  experimentItems: ExperimentItemService;
  feedback: FeedbackService;
}

/** Which optimizations. Pages count from 1. */
export interface OptimizationFilter {
  page: number;
  size: number;
  dataset_id?: string | undefined;
  project_id?: string | undefined;
  name?: string | undefined;
  dataset_name?: string | undefined;
  dataset_deleted?: boolean | undefined;
  filters: FilterConditions;
}

/** The number of items of experiments that are added up at once, so that other requests are answered between. */
const ITEMS_AT_ONCE = 200;

/** The rules of optimizations [opik 11.5]. */
export class OptimizationService {
  readonly #context: OpikContext;
  readonly #store: OptimizationStore;
  readonly #projects: ProjectService;
  readonly #datasets: DatasetService;
  readonly #items: ExperimentItemService;
  readonly #feedback: FeedbackService;

  constructor(context: OpikContext, dependencies: OptimizationServiceDependencies) {
    this.#context = context;
    this.#store = new OptimizationStore(context.database);
    this.#projects = dependencies.projects;
    this.#datasets = dependencies.datasets;
    this.#items = dependencies.experimentItems;
    this.#feedback = dependencies.feedback;
  }

  /**
   * Creates an optimization, or writes the one of its id anew; its name and studio configuration stay when the request has
   * none.
   * @returns its id
   * @throws OpikError 400 for an id that is no UUIDv7, 404 for an unknown project id
   */
  upsert(owner: Owner, optimization: OptimizationWrite): string {
    const { workspace, user } = owner;
    const { dataset_name, studio_config } = optimization;
    const id = optimization.id ?? this.#context.ids.uuid();
    requireVersion7(id, "Optimization");
    return this.#context.database.transaction(() => {
      const existing = this.#store.find(workspace, id);
      const now = this.#context.clock.now();
      const given = optimization.name?.trim() ? optimization.name : undefined;
      const name = given ?? existing?.name ?? generatedName(this.#context.ids);
      const hasProject = optimization.project_id !== undefined || optimization.project_name !== undefined;
      const isNewOfStudio = studio_config !== undefined && existing === undefined;
      this.#store.save({
        workspace,
        id,
        dataset_id: this.#datasets.getOrCreate(owner, dataset_name, optimization),
        dataset_name,
        project_id: hasProject ? this.#projects.idForWrite(owner, optimization) : null,
        name,
        objective_name: optimization.objective_name,
        status: isNewOfStudio ? "initialized" : optimization.status,
        metadata_json: optimization.metadata?.text ?? null,
        studio_json: studio_config?.text ?? existing?.studio_json ?? null,
        error_info_json: jsonColumn(optimization.error_info),
        created_at: now,
        created_by: user,
        last_updated_at: now,
        last_updated_by: user,
      });
      this.#context.events.emit("optimization:written", { id, name, workspace });
      return id;
    });
  }

  /** @throws OpikError 404 */
  get(owner: Owner, id: string): Promise<Optimization> {
    const row = this.#store.find(owner.workspace, id);
    if (row === undefined) throw OpikError.message(404, `Not found optimization with id '${id}'`);
    return this.#show(owner, row);
  }

  /**
   * Changes what the update has.
   * @throws OpikError 404, unless the update is empty
   */
  update(owner: Owner, id: string, update: OptimizationUpdate): void {
    if (Object.values(update).every((value) => value === undefined)) return;
    const { workspace, user } = owner;
    this.#context.database.transaction(() => {
      const row = this.#store.find(workspace, id);
      if (row === undefined) throw OpikError.message(404, `Optimization id: ${id} not found`);
      const name = update.name ?? row.name;
      this.#store.save({
        ...row,
        name,
        status: update.status ?? row.status,
        metadata_json: update.metadata?.text ?? row.metadata_json,
        error_info_json: jsonColumn(update.error_info) ?? row.error_info_json,
        last_updated_at: this.#context.clock.now(),
        last_updated_by: user,
      });
      this.#context.events.emit("optimization:written", { id, name, workspace });
    });
  }

  /** Deletes optimizations, not their experiments; ignores those that do not exist. */
  delete({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      const deleted = ids.filter((id) => this.#store.delete(workspace, id));
      if (deleted.length > 0) this.#context.events.emit("optimizations:deleted", { ids: deleted, workspace });
    });
  }

  /** One page of a workspace's optimizations, the newest id first. */
  async list(owner: Owner, filter: OptimizationFilter): Promise<OptimizationPage> {
    const conditions = conditionsOf({
      workspace: owner.workspace,
      datasetId: filter.dataset_id,
      projectId: filter.project_id,
      name: filter.name,
      datasetName: filter.dataset_name,
      datasetDeleted: filter.dataset_deleted,
    });
    const { total, rows } = this.#store.page([...conditions, ...filter.filters.where], filter.size, offsetOf(filter));
    const content: Optimization[] = [];
    for (const row of rows) content.push(await this.#show(owner, row));
    return { page: filter.page, size: rows.length, total, content, sortable_by: [] };
  }

  async #show(owner: Owner, row: OptimizationRow): Promise<Optimization> {
    const experiments = this.#store.experiments(row.workspace, row.id);
    return {
      ...OPTIMIZATIONS.toFields(row),
      dataset_name: this.#datasets.find(owner, row.dataset_id)?.name ?? row.dataset_name,
      studio_config: jsonField(row.studio_json),
      num_trials: experiments.filter(({ type }) => type === "trial").length,
      feedback_scores: await this.#scoresOf(
        row.workspace,
        experiments.map(({ id }) => id),
      ),
    };
  }

  /** The averages of the scores of the traces of these experiments. */
  async #scoresOf(workspace: string, experimentIds: readonly string[]): Promise<AverageScore[] | undefined> {
    const scores = new ScoreAverages();
    let after: string | undefined;
    await inSlices(() => {
      const rows = this.#items.ofExperiments(workspace, experimentIds, after, ITEMS_AT_ONCE);
      const traceIds = rows.map(({ trace_id }) => trace_id);
      this.#feedback.addTo(scores, workspace, "trace", traceIds);
      after = rows.at(-1)?.id ?? after;
      return rows.length === ITEMS_AT_ONCE;
    });
    return scores.result();
  }
}
