import type { Owner } from "../../../access/owner.ts";
import type { OpikContext } from "../../../context.ts";
import { DEFAULT_PROJECT, type ProjectService } from "../../../projects/service.ts";
import type { FeedbackService } from "../../../tracing/feedback/service.ts";
import type { SpanService } from "../../../tracing/spans/service.ts";
import type { TraceWrite } from "../../../tracing/traces/schema.ts";
import type { TraceService } from "../../../tracing/traces/service.ts";
import { OpikError } from "../../../wire/errors.ts";
import { isBlank } from "../../../wire/values.ts";
import type { DatasetService } from "../../datasets/service.ts";
import type { ExperimentItemService } from "../items/service.ts";
import type { NewExperiment } from "../schema.ts";
import type { ExperimentService } from "../service.ts";
import type { BulkRecord, BulkUpload } from "./schema.ts";

export interface BulkServiceDependencies {
  projects: ProjectService;
  datasets: DatasetService;
  experiments: ExperimentService;
  items: ExperimentItemService;
  traces: TraceService;
  spans: SpanService;
  feedback: FeedbackService;
}

/** Where the project comes from that is used for traces that name none, when the request does not name it either. */
export type ProjectFallback = "dataset" | "default";

interface FoundProject {
  name: string;
  fallback?: ProjectFallback;
}

/** Writes items of experiments with their traces, spans and scores [opik 11.2]. */
export class BulkService {
  readonly #context: OpikContext;
  readonly #dependencies: BulkServiceDependencies;

  constructor(context: OpikContext, dependencies: BulkServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /**
   * Writes items, all or none. An experiment that does not exist is made; an item without a trace gets one with the
   * result as its output.
   * @returns where the project of traces without one comes from, if neither the request nor the experiment names it
   * @throws OpikError 400 for spans without their trace and for ids that are no UUIDv7, 409 when the experiment is of
   *   another dataset or project, or the dataset of another project
   */
  upload(owner: Owner, upload: BulkUpload): ProjectFallback | undefined {
    for (const record of upload.items) checkSpans(record);
    const { traces, spans, feedback, items } = this.#dependencies;
    return this.#context.database.transaction(() => {
      this.#checkConsistency(owner, upload);
      const project = this.#projectOf(owner, upload);
      const experimentId = this.#experimentOf(owner, upload, project);
      const records = upload.items.map((record) => ({ record, trace: this.#traceOf(record, project.name) }));
      traces.createBatch(
        owner,
        records.map(({ trace }) => trace),
      );
      const inner = records.flatMap(({ record, trace }) =>
        (record.spans ?? []).map((span) => ({
          ...span,
          id: span.id ?? this.#context.ids.uuid(),
          source: "experiment" as const,
          project_name: trace.project_name,
        })),
      );
      if (inner.length > 0) spans.createBatch(owner, inner);
      const scores = records.flatMap(({ record, trace: { id, project_name } }) =>
        (record.feedback_scores ?? []).map((score) => ({
          ...score,
          ...{ id, project_name, project_id: undefined, author: undefined },
        })),
      );
      if (scores.length > 0) feedback.scoreBatch(owner, "trace", scores);
      items.create(
        owner,
        records.map(({ record, trace }) => ({
          id: undefined,
          experiment_id: experimentId,
          dataset_item_id: record.dataset_item_id,
          trace_id: trace.id,
          project_name: undefined,
          execution_policy: undefined,
        })),
      );
      const usesProject = upload.items.some(({ trace }) => isBlank(trace?.project_name ?? ""));
      return usesProject ? project.fallback : undefined;
    });
  }

  /** The trace of an item, by default one that has the result as its output. */
  #traceOf({ trace, evaluate_task_result }: BulkRecord, projectName: string): TraceWrite & { id: string } {
    const id = trace?.id ?? this.#context.ids.uuid();
    if (trace !== undefined) {
      const project_name = isBlank(trace.project_name ?? "") ? projectName : trace.project_name;
      return { ...trace, id, project_name, source: "experiment" };
    }
    const now = new Date(this.#context.clock.now()).toISOString();
    return {
      id,
      project_name: projectName,
      name: undefined,
      start_time: now,
      end_time: now,
      input: undefined,
      output: evaluate_task_result,
      metadata: undefined,
      tags: undefined,
      error_info: undefined,
      ttft: undefined,
      source: "experiment",
      environment: undefined,
      thread_id: undefined,
      last_updated_at: undefined,
    };
  }

  /** The experiment of that id, or a new one. In a project that is only the default it is made in none. */
  #experimentOf(owner: Owner, upload: BulkUpload, project: FoundProject): string {
    const { experiment_id: id, experiment_name: name, dataset_name } = upload;
    const project_name = project.fallback === "default" ? undefined : project.name;
    const experiment: NewExperiment = {
      ...{ id, name, dataset_name, project_name, project_id: undefined, metadata: undefined, tags: undefined },
      ...{ type: undefined, evaluation_method: undefined, optimization_id: undefined, status: undefined },
      ...{ experiment_scores: undefined, prompt_version: undefined, prompt_versions: undefined },
      dataset_version_id: undefined,
    };
    return this.#dependencies.experiments.create(owner, experiment);
  }

  #checkConsistency(owner: Owner, { experiment_id: id, dataset_name, project_name }: BulkUpload): void {
    const { experiments, datasets, projects } = this.#dependencies;
    const existing = id === undefined ? undefined : experiments.find(owner, id);
    const existingDataset = existing && datasets.find(owner, existing.dataset_id)?.name;
    if (existing !== undefined && existingDataset !== dataset_name) {
      const belongs = `Experiment '${id}' belongs to dataset '${existingDataset}'`;
      throw OpikError.message(409, `${belongs}, but request specifies dataset '${dataset_name}'`);
    }
    if (project_name === undefined) return;
    const projectId = projects.idByName(owner, project_name) ?? null;
    if (existing !== undefined && existing.project_id !== projectId) {
      const existingProject = existing.project_id === null ? null : projects.nameOf(owner, existing.project_id);
      const belongs = `Experiment '${id}' belongs to project '${existingProject}'`;
      throw OpikError.message(409, `${belongs}, but request specifies project_name '${project_name}'`);
    }
    const ofDataset = datasets.lookUp(owner, { dataset_name, project_name })?.row.project_id ?? null;
    if (ofDataset === null || ofDataset === projectId) return;
    const belongs = `Dataset '${dataset_name}' belongs to a different project`;
    throw OpikError.message(409, `${belongs} than the request project_name '${project_name}'`);
  }

  /** The project of traces without one: that of the request, the experiment or the dataset, or the default one. */
  #projectOf(owner: Owner, { experiment_id: id, dataset_name, project_name }: BulkUpload): FoundProject {
    const { experiments, datasets, projects } = this.#dependencies;
    if (project_name !== undefined) return { name: project_name };
    const nameOf = (projectId: string | null | undefined): string | undefined =>
      projectId === null || projectId === undefined ? undefined : projects.nameOf(owner, projectId);
    const ofExperiment = id === undefined ? undefined : nameOf(experiments.find(owner, id)?.project_id);
    if (ofExperiment !== undefined) return { name: ofExperiment };
    const ofDataset = nameOf(datasets.lookUp(owner, { dataset_name, project_name: undefined })?.row.project_id);
    return ofDataset === undefined
      ? { name: DEFAULT_PROJECT, fallback: "default" }
      : { name: ofDataset, fallback: "dataset" };
  }
}

/** @throws OpikError 400 for spans without their trace, or of another one */
function checkSpans({ trace, spans = [] }: BulkRecord): void {
  if (spans.length === 0) return;
  if (trace === undefined) throw OpikError.message(400, "Trace is required when spans are provided");
  if (spans.some(({ trace_id: id }) => id !== trace.id)) {
    throw OpikError.message(400, "Trace ID must match the span's trace ID");
  }
}
