import { inSlices } from "../../../core/slices.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import { isBlank } from "../../wire/values.ts";
import type { SpanService } from "../spans/service.ts";
import type { TraceWrite } from "../traces/schema.ts";
import type { TraceService } from "../traces/service.ts";
import { millisecondsOf, uuidOfOtelId } from "./ids.ts";
import { type OtelRecord, toRecord } from "./records.ts";
import type { ExportRequest, OtelSpan } from "./request.ts";
import { OtelTraceStore } from "./store.ts";

export interface OtelServiceDependencies {
  projects: ProjectService;
  traces: TraceService;
  spans: SpanService;
}

/** The number of spans that are converted or written at once, so that other requests are answered between. */
const SPANS_AT_ONCE = 500;

/** Logfire creates the spans of other instrumentations, whose attributes have more detail. */
const IGNORED_INTEGRATION = "logfire";

/** Receives the spans of OpenTelemetry's SDKs [opik 7.16]. */
export class OtelService {
  readonly #context: OpikContext;
  readonly #projects: ProjectService;
  readonly #traces: TraceService;
  readonly #spans: SpanService;
  readonly #store: OtelTraceStore;

  constructor(context: OpikContext, { projects, traces, spans }: OtelServiceDependencies) {
    this.#context = context;
    this.#projects = projects;
    this.#traces = traces;
    this.#spans = spans;
    this.#store = new OtelTraceStore(context.database);
  }

  /**
   * Writes the spans of a request, and a trace for each span without a parent. A request that is sent again changes
   * nothing.
   * @param projectName default the default project
   */
  async receive(owner: Owner, request: ExportRequest, projectName: string | undefined): Promise<void> {
    const scopes = request.resource_spans.flatMap(({ scope_spans }) => scope_spans);
    const names = scopes.map(({ scope }) => scope?.name ?? "");
    const name = names.find((candidate) => candidate.toLowerCase() !== IGNORED_INTEGRATION);
    const integration = name === undefined || isBlank(name) ? undefined : name;
    const spans = scopes.flatMap((scope) => scope.spans);
    const traceIdOf = this.#traceIds(owner, projectName, spans);
    const records: OtelRecord[] = [];
    await inSlices(() => {
      const part = spans.slice(records.length, records.length + SPANS_AT_ONCE);
      records.push(...part.map((span) => toRecord(span, traceIdOf(span), { projectName, integration })));
      return records.length < spans.length;
    });
    removeRepeatedUsage(records);
    const roots = firstTraces(records);
    let written = 0;
    await inSlices(() => {
      this.#write(owner, records.slice(written, written + SPANS_AT_ONCE), roots);
      written += SPANS_AT_ONCE;
      return written < records.length;
    });
  }

  /**
   * Forgets the ids of traces that came longer ago than they are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteCreated(this.#context.clock.now() - this.#context.config.traceTtlMs);
  }

  #write(owner: Owner, records: readonly OtelRecord[], roots: ReadonlySet<TraceWrite>): void {
    const traces = records.flatMap(({ trace }) => (trace !== undefined && roots.has(trace) ? [trace] : []));
    this.#context.database.transaction(() => {
      if (traces.length > 0) this.#traces.createBatch(owner, traces);
      if (records.length > 0)
        this.#spans.createBatch(
          owner,
          records.map(({ span }) => span),
        );
    });
  }

  /** The ids that the traces of these spans have here: those of earlier requests, or else new ones. */
  #traceIds(owner: Owner, projectName: string | undefined, spans: readonly OtelSpan[]): (span: OtelSpan) => string {
    const byTrace = Map.groupBy(spans, otelIdOf);
    const ids = this.#context.database.transaction(() => {
      const projectId = this.#projects.getOrCreate(owner, projectName);
      return new Map(
        [...byTrace].map(([otelId, ofTrace]) => [otelId, this.#traceId(owner, projectId, otelId, ofTrace)]),
      );
    });
    return (span) => ids.get(otelIdOf(span)) ?? "";
  }

  #traceId({ workspace }: Owner, projectId: string, otelId: string, spans: readonly OtelSpan[]): string {
    const existing = this.#store.find(workspace, projectId, otelId);
    if (existing !== undefined) return existing;
    const start = spans.reduce(
      (earliest, { start_time_unix_nano }) => Math.min(earliest, millisecondsOf(start_time_unix_nano)),
      Infinity,
    );
    const traceId = uuidOfOtelId(Buffer.from(otelId, "hex"), start);
    const created_at = this.#context.clock.now();
    this.#store.insert({ workspace, project_id: projectId, otel_id: otelId, trace_id: traceId, created_at });
    return traceId;
  }
}

function otelIdOf({ trace_id }: OtelSpan): string {
  return Buffer.from(trace_id ?? []).toString("hex");
}

/** Of several spans without a parent in one trace the first describes it. */
function firstTraces(records: readonly OtelRecord[]): Set<TraceWrite> {
  const traces = records.flatMap(({ trace }) => trace ?? []);
  return new Set(new Map(traces.toReversed().map((trace) => [trace.id, trace])).values());
}

/** Parents of spans with usage often have the sum of it, which would count twice. */
function removeRepeatedUsage(records: readonly OtelRecord[]): void {
  const parents = new Set(
    records.filter(({ span }) => span.usage !== undefined).map(({ span }) => span.parent_span_id),
  );
  for (const { span } of records) if (parents.has(span.id)) span.usage = undefined;
}
