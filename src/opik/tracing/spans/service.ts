import { stringifyJson } from "../../../core/json.ts";
import { nextTurn } from "../../../core/slices.ts";
import { sql } from "../../../database/sql.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { jsonField } from "../../wire/columns.ts";
import { OpikError } from "../../wire/errors.ts";
import { commonColumns, commonFields, textField } from "../fields.ts";
import { isCreatedAgain } from "../merge.ts";
import { withFirstField } from "../metadata.ts";
import type { RecordFilter, SearchConditions } from "../record-reader.ts";
import type { FileChoice, RecordListQuery, RecordStreamQuery } from "../record-search.ts";
import { RecordService, type RecordServiceDependencies } from "../record-service.ts";
import type { Measures, RecordStats } from "../stats/stats.ts";
import { costField, withCost } from "./cost.ts";
import { SEARCHABLE_SPANS } from "./filters.ts";
import {
  SORTABLE_SPAN_FIELDS,
  type Span,
  type SpanPage,
  type SpanType,
  type SpanUpdate,
  type SpanWrite,
} from "./schema.ts";
import { type SpanColumns, type SpanRow, SpanStore } from "./store.ts";
import { type SpanSummary, summarize } from "./summary.ts";

/** Which spans of a project. */
interface SpanChoice {
  trace_id?: string | undefined;
  type?: SpanType | undefined;
}

/** Which spans. */
export interface SpanFilter extends RecordFilter, SpanChoice {}

/** The number of spans of a trace that are read at once, so that other requests are answered between. */
const READ_AT_ONCE = 500;

/** The rules of spans, beyond those that they share with traces. */
export class SpanService extends RecordService<SpanColumns, SpanWrite, SpanUpdate, Span> {
  protected readonly label = "Span";
  protected readonly written = "spans:written";
  protected readonly searchable = SEARCHABLE_SPANS;
  declare protected readonly store: SpanStore;
  readonly #events: OpikContext["events"];

  constructor(context: OpikContext, dependencies: RecordServiceDependencies) {
    super(context, dependencies, new SpanStore(context.database));
    this.#events = context.events;
  }

  protected get sortableBy(): readonly string[] {
    return SORTABLE_SPAN_FIELDS;
  }

  /** With the name of its project, which lists do not have [opik 7.3]. */
  override get(owner: Owner, id: string, choice?: FileChoice): Span {
    const span = super.get(owner, id, choice);
    return { ...span, project_name: this.projects.get(owner, span.project_id).name };
  }

  override list(owner: Owner, filter: SpanFilter): SpanPage {
    return super.list(owner, filter, { trace_id: filter.trace_id, type: filter.type });
  }

  override async find(owner: Owner, query: RecordListQuery & SpanChoice): Promise<SpanPage> {
    return super.find(owner, query, conditionsOf(query));
  }

  override async findNewest(owner: Owner, query: RecordStreamQuery & SpanChoice): Promise<Iterable<Span>> {
    return super.findNewest(owner, query, conditionsOf(query));
  }

  /** Statistics of the spans of a project that are searched for. @throws OpikError 400, 404 */
  async statsOf(owner: Owner, query: RecordListQuery & SpanChoice): Promise<RecordStats> {
    return this.stats(owner, query, "span_count", conditionsOf(query));
  }

  /**
   * The spans of a trace, read in slices: those of the greatest parent first, of one parent the newest first, as the
   * real server orders them.
   */
  async ofTrace(owner: Owner, traceId: string): Promise<Span[]> {
    const ids = this.store.idsOfTrace(owner.workspace, traceId);
    const spans: Span[] = [];
    for (let index = 0; index < ids.length; index += READ_AT_ONCE) {
      if (index > 0) await nextTurn();
      spans.push(...this.byIds(owner, ids.slice(index, index + READ_AT_ONCE)).values());
    }
    return spans;
  }

  /** Summarizes the spans of each of these traces, in one query. */
  summaries(workspace: string, traceIds: readonly string[]): (traceId: string) => SpanSummary {
    const spans = Map.groupBy(this.store.ofTraces(workspace, traceIds), (span) => span.trace_id);
    return (traceId) => summarize(spans.get(traceId) ?? []);
  }

  /** Summarizes the spans of all these traces together. */
  summaryOf(workspace: string, traceIds: readonly string[]): SpanSummary {
    return summarize(this.store.ofTraces(workspace, traceIds));
  }

  /** Deletes at most so many spans of a trace, with their scores and comments; returns how many. */
  deleteOfTrace(workspace: string, traceId: string, limit: number): number {
    const ids = this.store.deleteOfTrace(workspace, traceId, limit);
    this.feedback.deleteOf(workspace, "span", ids);
    this.comments.deleteOf(workspace, "span", ids);
    if (ids.length > 0) this.#events.emit("spans:deleted", { ids, workspace });
    return ids.length;
  }

  protected override measuresOf(workspace: string, ids: readonly string[]): (id: string) => Measures {
    const spans = new Map(this.store.summarized(workspace, ids).map((span) => [span.id, span]));
    const scores = this.feedback.valuesOf(workspace, "span", ids);
    return (id) => {
      const span = spans.get(id);
      const { usage, total_estimated_cost: cost } = summarize(span === undefined ? [] : [span]);
      return { usage, cost, scores: scores.get(id) ?? new Map(), others: {} };
    };
  }

  protected toChanges(update: SpanUpdate): Partial<SpanColumns> {
    const { trace_id: _, parent_span_id: __, ...changes } = this.toColumns(update);
    return changes;
  }

  protected toColumns(request: SpanUpdate | SpanWrite): SpanColumns {
    return {
      ...commonColumns(request),
      trace_id: request.trace_id,
      parent_span_id: request.parent_span_id ?? null,
      type: request.type ?? null,
      model: request.model ?? null,
      provider: request.provider ?? null,
      usage_json: request.usage === undefined ? null : stringifyJson(request.usage),
      total_estimated_cost: request.total_estimated_cost ?? null,
      // A cost that is given takes the place of a computed one.
      total_estimated_cost_version: request.total_estimated_cost === undefined ? null : "",
    };
  }

  protected override completed(row: SpanRow): SpanRow {
    return withCost(row);
  }

  protected show(workspace: string, rows: readonly SpanRow[]): Span[] {
    const ids = rows.map(({ id }) => id);
    const scoresOf = this.feedback.scoresOf(workspace, "span", ids);
    const commentsOn = this.comments.commentsOn(workspace, "span", ids);
    return rows.map((row) => ({
      ...toSpan(row),
      feedback_scores: scoresOf(row.id),
      comments: commentsOn(row.id),
    }));
  }

  /** One that is there already stays as it is, as with the real server. */
  protected isLeftAlone(_owner: Owner, existing: SpanRow, write: SpanWrite): boolean {
    return isCreatedAgain(existing, write);
  }

  /** In the real server's order; an update that names no parent is about a span without one. */
  protected requireSame(existing: SpanRow, projectId: string, update: SpanUpdate): void {
    if (existing.project_id !== projectId) {
      throw OpikError.errors(409, "Project name and workspace name do not match the existing span");
    }
    if (existing.parent_span_id !== (update.parent_span_id ?? null)) {
      throw OpikError.errors(409, "parent_span_id does not match the existing span");
    }
    if (existing.trace_id !== update.trace_id) {
      throw OpikError.errors(409, "trace_id does not match the existing span");
    }
  }
}

function conditionsOf({ trace_id, type }: SpanChoice): SearchConditions {
  return {
    indexed: trace_id === undefined ? undefined : sql`trace_id = ${trace_id}`,
    others: type === undefined ? [] : [sql`type = ${type}`],
  };
}

function toSpan(row: SpanRow): Omit<Span, "feedback_scores" | "comments"> {
  const fields = commonFields(row);
  const provider = textField(row.provider);
  return {
    ...fields,
    project_name: undefined,
    metadata: withFirstField(fields.metadata, "provider", provider),
    trace_id: row.trace_id,
    parent_span_id: row.parent_span_id ?? undefined,
    type: row.type ?? undefined,
    model: textField(row.model),
    provider,
    usage: row.usage_json === "{}" ? undefined : jsonField(row.usage_json),
    total_estimated_cost: costField(row.total_estimated_cost),
    total_estimated_cost_version: textField(row.total_estimated_cost_version),
  };
}
