import { uuidsAt } from "../../../core/ids.ts";
import { inSlices } from "../../../core/slices.ts";
import { later, millisecondsBetween } from "../../../core/timestamps.ts";
import { deleteWithParts } from "../../../database/deletion-with-parts.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { boundsOf } from "../../search/parameters.ts";
import { OpikError } from "../../wire/errors.ts";
import { commonColumns, commonFields, textField } from "../fields.ts";
import { isCreatedAgain, isUpdatedOnly } from "../merge.ts";
import { withFirstField } from "../metadata.ts";
import { RecordService, type RecordServiceDependencies } from "../record-service.ts";
import { costField } from "../spans/cost.ts";
import type { SpanService } from "../spans/service.ts";
import type { SpanSummary } from "../spans/summary.ts";
import type { Measures } from "../stats/stats.ts";
import type { ThreadRegistry } from "../threads/registry.ts";
import { SEARCHABLE_TRACES } from "./filters.ts";
import { SORTABLE_TRACE_FIELDS, type Trace, type TraceUpdate, type TraceWrite } from "./schema.ts";
import { type TraceStatistics, TraceTotals } from "./statistics.ts";
import { type TraceColumns, type TraceRow, TraceStore } from "./store.ts";

export interface TraceServiceDependencies extends RecordServiceDependencies {
  spans: SpanService;
  threads: ThreadRegistry;
}

/** What statistics are computed from, of one trace. */
export interface TraceMeasures extends Pick<Measures, "usage" | "cost" | "scores"> {
  /** Milliseconds, when it has ended. */
  duration: number | undefined;
}

/** The number of traces that are added up at once, so that other requests are answered between. */
const COUNTED_AT_ONCE = 500;

/** What no id is behind. */
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The rules of traces, beyond those that they share with spans. */
export class TraceService extends RecordService<TraceColumns, TraceWrite, TraceUpdate, Trace> {
  protected readonly label = "Trace";
  protected readonly written = "traces:written";
  protected readonly searchable = SEARCHABLE_TRACES;
  declare protected readonly store: TraceStore;
  readonly #context: OpikContext;
  readonly #spans: SpanService;
  readonly #threads: ThreadRegistry;

  constructor(context: OpikContext, dependencies: TraceServiceDependencies) {
    super(context, dependencies, new TraceStore(context.database));
    this.#context = context;
    this.#spans = dependencies.spans;
    this.#threads = dependencies.threads;
  }

  protected get sortableBy(): readonly string[] {
    return SORTABLE_TRACE_FIELDS;
  }

  /**
   * Deletes traces with their spans, as many rows at once as do not stop the server; silent for those that are not
   * there. A trace goes with its last spans: when the server stops before, it can be deleted again.
   * @param projectId the only project that is deleted from
   */
  async delete({ workspace }: Owner, ids: readonly string[], projectId?: string): Promise<void> {
    const isMeant = (id: string): boolean => {
      const trace = this.store.find(workspace, id);
      return trace !== undefined && (projectId ?? trace.project_id) === trace.project_id;
    };
    await deleteWithParts(this.#context.database, ids, {
      deleteParts: (id, limit) => (isMeant(id) ? this.#spans.deleteOfTrace(workspace, id, limit) : 0),
      deleteThing: (id) => {
        if (!isMeant(id)) return false;
        this.store.delete(workspace, id);
        return true;
      },
      follow: (deleted) => {
        this.feedback.deleteOf(workspace, "trace", deleted);
        this.comments.deleteOf(workspace, "trace", deleted);
        this.#context.events.emit("traces:deleted", { ids: deleted, workspace });
      },
    });
  }

  /**
   * What the traces of a project come to; those that are written meanwhile may count or not.
   * @param bounds in milliseconds since the epoch, for the times in the ids; default all
   * @returns `undefined` when it has none
   */
  async statistics(
    { workspace }: Owner,
    projectId: string,
    { from, to }: ReturnType<typeof boundsOf> = { from: undefined, to: undefined },
  ): Promise<TraceStatistics | undefined> {
    const totals = new TraceTotals();
    // An id without its last digit is before all that begin with it.
    let after = from === undefined ? "" : uuidsAt(from).first.slice(0, -1);
    const last = to === undefined ? LAST_ID : uuidsAt(to).last;
    await inSlices(() => {
      const rows = this.store.countedAfter(workspace, projectId, { after, last }, COUNTED_AT_ONCE);
      const summaryOf = this.#spans.summaries(
        workspace,
        rows.map(({ id }) => id),
      );
      for (const row of rows) totals.add(row, summaryOf(row.id));
      const scores = this.feedback.valuesOf(
        workspace,
        "trace",
        rows.map(({ id }) => id),
      );
      for (const ofTrace of scores.values()) for (const [name, value] of ofTrace) totals.addScore(name, value);
      after = rows.at(-1)?.id ?? after;
      return rows.length === COUNTED_AT_ONCE;
    });
    return totals.result();
  }

  /** Adds these traces to totals; those that do not exist are left out. */
  addTo(totals: TraceTotals, workspace: string, ids: readonly string[]): void {
    const summaryOf = this.#spans.summaries(workspace, ids);
    for (const row of this.store.counted(workspace, ids)) totals.add(row, summaryOf(row.id));
  }

  /** What statistics of traces are computed from, by their ids. */
  measures(workspace: string, ids: readonly string[]): Map<string, TraceMeasures> {
    const measuresOf = this.measuresOf(workspace, ids);
    return new Map(
      this.store.measured(workspace, ids).map(({ id, start_time, end_time }) => {
        const hasEnded = start_time !== null && end_time !== null;
        const { usage, cost, scores } = measuresOf(id);
        return [
          id,
          { usage, cost, scores, duration: hasEnded ? millisecondsBetween(start_time, end_time) : undefined },
        ];
      }),
    );
  }

  protected override measuresOf(workspace: string, ids: readonly string[]): (id: string) => Measures {
    const summaryOf = this.#spans.summaries(workspace, ids);
    const scores = this.feedback.valuesOf(workspace, "trace", ids);
    return (id) => {
      const { usage, total_estimated_cost: cost, span_count, llm_span_count } = summaryOf(id);
      return { usage, cost, scores: scores.get(id) ?? new Map(), others: { llm_span_count, span_count } };
    };
  }

  protected toChanges(update: TraceUpdate): TraceColumns {
    return this.toColumns(update);
  }

  protected toColumns(request: TraceUpdate | TraceWrite): TraceColumns {
    return { ...commonColumns(request), thread_id: request.thread_id ?? null };
  }

  protected show(workspace: string, rows: readonly TraceRow[]): Trace[] {
    const ids = rows.map(({ id }) => id);
    const summaryOf = this.#spans.summaries(workspace, ids);
    const scoresOf = this.feedback.scoresOf(workspace, "trace", ids);
    const scoresOfSpans = this.feedback.scoresOfSpans(workspace, ids);
    const commentsOn = this.comments.commentsOn(workspace, "trace", ids);
    return rows.map((row) => ({
      ...toTrace(row, summaryOf(row.id)),
      feedback_scores: scoresOf(row.id),
      span_feedback_scores: scoresOfSpans(row.id),
      comments: commentsOn(row.id),
    }));
  }

  /** @throws OpikError 409 when it is there already or in another project */
  protected isLeftAlone(owner: Owner, existing: TraceRow, write: TraceWrite): false {
    this.requireSame(existing, this.projects.getOrCreate(owner, write.project_name));
    if (isCreatedAgain(existing, write)) throw OpikError.errors(409, "Trace already exists");
    return false;
  }

  protected requireSame(existing: TraceRow, projectId: string): void {
    if (existing.project_id === projectId) return;
    throw OpikError.errors(409, "Project name and workspace name do not match the existing trace");
  }

  protected override follow(rows: readonly TraceRow[]): void {
    const newest = new Map<string, string>();
    for (const { project_id, last_updated_at } of rows) {
      newest.set(project_id, later(newest.get(project_id) ?? last_updated_at, last_updated_at));
    }
    for (const [projectId, at] of newest) this.projects.traceWritten(projectId, at);
    // A thread is written once for all its traces of a batch.
    const last = new Map(rows.map((row) => [`${row.project_id} ${row.thread_id}`, row]));
    for (const { workspace, project_id, thread_id, last_updated_by: user } of last.values()) {
      this.#threads.written({ workspace, project_id, thread_id, user });
    }
  }
}

/** What of a trace comes from its row and its spans. */
type OwnFields = Omit<Trace, "feedback_scores" | "span_feedback_scores" | "comments">;

function toTrace(row: TraceRow, summary: SpanSummary): OwnFields {
  const { providers, usage, total_estimated_cost, ...counts } = summary;
  const fields = commonFields(row);
  return {
    ...fields,
    metadata: withFirstField(fields.metadata, "providers", providers.length === 0 ? undefined : providers),
    thread_id: textField(row.thread_id),
    ...counts,
    usage: usage.size === 0 ? undefined : usage,
    total_estimated_cost: costField(total_estimated_cost),
    providers,
    visibility_mode: isUpdatedOnly(row) ? undefined : "default",
  };
}
