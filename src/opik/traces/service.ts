import { costField } from "../spans/cost.ts";
import type { SpanService } from "../spans/service.ts";
import type { SpanSummary } from "../spans/summary.ts";
import { commonColumns, commonFields, textField } from "../tracing/fields.ts";
import { isCreatedAgain, isUpdatedOnly } from "../tracing/merge.ts";
import { withFirstField } from "../tracing/metadata.ts";
import { RecordService, type RecordServiceOptions } from "../tracing/record-service.ts";
import { OpikError } from "../wire/errors.ts";
import type { Owner } from "../wire/owner.ts";
import { SORTABLE_TRACE_FIELDS, type Trace, type TraceUpdate, type TraceWrite } from "./schema.ts";
import { type TraceColumns, type TraceRow, TraceStore } from "./store.ts";

export interface TraceServiceOptions extends RecordServiceOptions {
  spans: SpanService;
}

/** The rules of traces, beyond those that they share with spans. */
export class TraceService extends RecordService<TraceColumns, TraceWrite, TraceUpdate, Trace> {
  protected readonly label = "Trace";
  protected readonly written = "traces:written";
  protected readonly sortableBy = SORTABLE_TRACE_FIELDS;
  readonly #spans: SpanService;

  constructor(options: TraceServiceOptions) {
    super(options, new TraceStore(options.database));
    this.#spans = options.spans;
  }

  protected toColumns(request: TraceUpdate | TraceWrite): TraceColumns {
    return { ...commonColumns(request), thread_id: request.thread_id ?? null };
  }

  protected show(workspace: string, rows: readonly TraceRow[]): Trace[] {
    const summaryOf = this.#spans.summaries(
      workspace,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => toTrace(row, summaryOf(row.id)));
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

  protected override save(row: TraceRow): void {
    super.save(row);
    this.projects.traceWritten(row.project_id, row.last_updated_at);
  }
}

function toTrace(row: TraceRow, summary: SpanSummary): Trace {
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
