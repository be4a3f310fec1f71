import { stringifyJson } from "../../core/json.ts";
import { commonColumns, commonFields } from "../tracing/fields.ts";
import { isCreatedAgain } from "../tracing/merge.ts";
import { type RecordFilter, RecordService, type RecordServiceOptions } from "../tracing/record-service.ts";
import { jsonField } from "../wire/columns.ts";
import { OpikError } from "../wire/errors.ts";
import type { Owner } from "../wire/owner.ts";
import type { Span, SpanPage, SpanType, SpanUpdate, SpanWrite } from "./schema.ts";
import { type SpanColumns, type SpanRow, SpanStore } from "./store.ts";
import { type SpanSummary, summarize } from "./summary.ts";

/** Which spans. */
export interface SpanFilter extends RecordFilter {
  trace_id: string | undefined;
  type: SpanType | undefined;
}

/** The rules of spans, beyond those that they share with traces. */
export class SpanService extends RecordService<SpanColumns, SpanWrite, SpanUpdate, Span> {
  protected readonly label = "Span";
  protected readonly written = "spans:written";
  declare protected readonly store: SpanStore;

  constructor(options: RecordServiceOptions) {
    super(options, new SpanStore(options.database));
  }

  override list(owner: Owner, filter: SpanFilter): SpanPage {
    return super.list(owner, filter, { trace_id: filter.trace_id, type: filter.type });
  }

  /** What each of these traces tells of its spans; all of them are read at once. */
  summaries(workspace: string, traceIds: readonly string[]): (traceId: string) => SpanSummary {
    const spans = Map.groupBy(this.store.ofTraces(workspace, traceIds), (span) => span.trace_id);
    return (traceId) => summarize(spans.get(traceId) ?? []);
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
      total_estimated_cost_version:
        "total_estimated_cost_version" in request ? (request.total_estimated_cost_version ?? null) : null,
    };
  }

  protected show(_workspace: string, rows: readonly SpanRow[]): Span[] {
    return rows.map(toSpan);
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

function toSpan(row: SpanRow): Span {
  return {
    ...commonFields(row),
    trace_id: row.trace_id,
    parent_span_id: row.parent_span_id ?? undefined,
    type: row.type ?? undefined,
    model: row.model ?? undefined,
    provider: row.provider ?? undefined,
    usage: jsonField(row.usage_json),
    total_estimated_cost: row.total_estimated_cost ?? undefined,
    total_estimated_cost_version: row.total_estimated_cost_version ?? undefined,
  };
}
