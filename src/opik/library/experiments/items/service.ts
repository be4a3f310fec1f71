import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import type { ProjectService } from "../../../projects/service.ts";
import type { FeedbackService } from "../../../tracing/feedback/service.ts";
import type { TraceService } from "../../../tracing/traces/service.ts";
import { OpikError } from "../../../wire/errors.ts";
import { requireVersion7 } from "../../../wire/version-seven.ts";
import { jsonColumn } from "../../datasets/items/content.ts";
import { EXPERIMENT_ITEMS, type ExperimentItemRow } from "./row.ts";
import type { ExperimentItemReference, ExperimentItemWrite } from "./schema.ts";
import { ExperimentItemStore, type ItemCounts, traceIdsOf } from "./store.ts";

export interface ExperimentItemServiceDependencies {
  projects: ProjectService;
  traces: TraceService;
  feedback: FeedbackService;
}

/** The ids of an item, as the real server calls them. */
const LABELS = {
  id: "Experiment Item",
  experiment_id: "Experiment Item experiment",
  dataset_item_id: "Experiment Item datasetItem",
  trace_id: "Experiment Item trace",
} as const;

/** The rules of items of experiments: each joins an item of a dataset with a trace [opik 11.2]. */
export class ExperimentItemService {
  readonly #context: OpikContext;
  readonly #store: ExperimentItemStore;
  readonly #projects: ProjectService;
  readonly #traces: TraceService;
  readonly #feedback: FeedbackService;

  constructor(context: OpikContext, { projects, traces, feedback }: ExperimentItemServiceDependencies) {
    this.#context = context;
    this.#store = new ExperimentItemStore(context.database);
    this.#projects = projects;
    this.#traces = traces;
    this.#feedback = feedback;
  }

  /**
   * Writes items by their ids; the experiment and the trace need not exist yet.
   * @throws OpikError 400 for an id that is no UUIDv7; then none is written
   */
  create(owner: Owner, items: readonly ExperimentItemWrite[]): void {
    this.#context.database.transaction(() => {
      for (const item of items) this.#store.save(this.#rowOf(owner, item));
      const ids = [...new Set(items.map(({ experiment_id }) => experiment_id))];
      this.#context.events.emit("experiments:items:written", { ids, workspace: owner.workspace });
    });
  }

  /** @throws OpikError 404 */
  get({ workspace }: Owner, id: string): ExperimentItemReference {
    const row = this.#store.find(workspace, id);
    if (row === undefined) throw OpikError.message(404, `Not found experiment item with id '${id}'`);
    return EXPERIMENT_ITEMS.toFields(row);
  }

  /** Deletes items; ignores those that do not exist. */
  delete({ workspace }: Owner, ids: readonly string[]): void {
    this.#context.database.transaction(() => {
      const rows = ids.map((id) => this.#store.find(workspace, id)).filter((row) => row !== undefined);
      for (const { id } of rows) this.#store.delete(workspace, id);
      const experiments = [...new Set(rows.map(({ experiment_id }) => experiment_id))];
      if (experiments.length > 0)
        this.#context.events.emit("experiments:items:written", { ids: experiments, workspace });
    });
  }

  /** Deletes at most so many items of an experiment; returns how many. Call it in a transaction. */
  deleteSome(workspace: string, experimentId: string, limit: number): number {
    return this.#store.deleteSome(workspace, experimentId, limit);
  }

  /** The names of the scores of the traces of experiments, by default of all, in alphabetical order. */
  scoreNames({ workspace }: Owner, experimentIds?: readonly string[], projectId?: string): string[] {
    return this.#feedback.namesAmong(workspace, "trace", traceIdsOf(workspace, { experimentIds, projectId }));
  }

  counts(workspace: string, experimentId: string): ItemCounts {
    return this.#store.counts(workspace, experimentId);
  }

  /** Items of these experiments, the newest id first, from the one after `after` on. */
  ofExperiments(
    workspace: string,
    experimentIds: readonly string[],
    after: string | undefined,
    limit: number,
  ): ExperimentItemRow[] {
    return this.#store.ofExperiments(workspace, experimentIds, after, limit);
  }

  #rowOf(owner: Owner, item: ExperimentItemWrite): ExperimentItemRow {
    const ids = { ...item, id: item.id ?? this.#context.ids.uuid() };
    for (const name of ["id", "experiment_id", "dataset_item_id", "trace_id"] as const) {
      requireVersion7(ids[name], LABELS[name]);
    }
    const now = this.#context.clock.now();
    const { id, experiment_id, dataset_item_id, trace_id } = ids;
    return {
      workspace: owner.workspace,
      ...{ id, experiment_id, dataset_item_id, trace_id },
      project_id: this.#projectOf(owner, item),
      execution_policy_json: jsonColumn(item.execution_policy),
      created_at: now,
      created_by: owner.user,
      last_updated_at: now,
      last_updated_by: owner.user,
    };
  }

  /** The project that the item names, or else that of its trace. */
  #projectOf(owner: Owner, { project_name, trace_id }: ExperimentItemWrite): string | null {
    if (project_name !== undefined) return this.#projects.getOrCreate(owner, project_name);
    return this.#traces.projectOf(owner, trace_id) ?? null;
  }
}
