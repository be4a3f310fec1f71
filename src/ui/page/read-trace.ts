import { get, type Page, query, type Span, type Trace } from "./api.ts";

/** The limit of the API's page. */
const PAGE_SIZE = 1_000;
/** Spans beyond these are not shown. */
const MAX_SPANS = 20_000;

export interface WholeTrace {
  trace: Trace;
  spans: Span[];
  /** How many spans there are, also those that are not shown. */
  total: number;
}

/** Reads a trace with its spans. */
export async function readTrace(id: string): Promise<WholeTrace> {
  const trace = await get<Trace>(`/v1/private/traces/${id}`);
  const spans: Span[] = [];
  for (let page = 1; ; page += 1) {
    const asked = { project_id: trace.project_id, trace_id: id, page, size: PAGE_SIZE };
    const { content, total } = await get<Page<Span>>(`/v1/private/spans${query(asked)}`);
    spans.push(...content);
    if (content.length === 0 || spans.length >= Math.min(total, MAX_SPANS)) return { trace, spans, total };
  }
}
