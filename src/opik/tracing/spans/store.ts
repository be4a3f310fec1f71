import { real, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type RowOf, Table } from "../../../database/table.ts";
import { SPAN_BLOCKS } from "../blocks.ts";
import { COMMON_COLUMNS, type CommonColumns, OWN_COLUMNS, type OwnColumns } from "../fields.ts";
import { RecordTable } from "../record-table.ts";
import type { SpanType } from "./schema.ts";

const SPAN_COLUMNS = {
  trace_id: text(),
  parent_span_id: text().nullable(),
  type: text<SpanType>().nullable(),
  model: text().nullable(),
  provider: text().nullable(),
  usage_json: text().nullable(),
  total_estimated_cost: real().nullable(),
  // how the cost was computed; `''` or nothing when its author gave it
  total_estimated_cost_version: text().nullable(),
};

export const SPANS = new Table("spans", { ...OWN_COLUMNS, ...COMMON_COLUMNS, ...SPAN_COLUMNS });

/** The columns that clients write and that are merged. */
export type SpanColumns = CommonColumns & RowOf<typeof SPAN_COLUMNS>;

export type SpanRow = OwnColumns & SpanColumns;

/** The summary of a trace's spans. */
export type SpanOfTraceRow = Pick<SpanRow, "trace_id" | "type" | "provider" | "usage_json" | "total_estimated_cost">;

/** The SQL of spans. */
export class SpanStore extends RecordTable<SpanRow> {
  readonly #ofTraces;
  readonly #summarized;
  readonly #idsOfTrace;
  readonly #deleteOfTrace;

  constructor(database: Database) {
    super(database, SPANS, { blocks: SPAN_BLOCKS, metadata: "span_metadata" });
    this.#ofTraces = database.prepare<[string, string], SpanOfTraceRow>(
      `SELECT trace_id, type, provider, usage_json, total_estimated_cost FROM spans INDEXED BY spans_of_trace
       WHERE workspace = +? AND trace_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    );
    this.#summarized = database.prepare<[string, string], SpanOfTraceRow & { id: string }>(
      `SELECT id, trace_id, type, provider, usage_json, total_estimated_cost FROM spans
       WHERE workspace = +? AND id IN (SELECT value FROM json_each(?))`,
    );
    this.#idsOfTrace = database
      .prepare<[string, string], string>(
        `SELECT id FROM spans INDEXED BY spans_of_trace WHERE workspace = +? AND trace_id = +?
         ORDER BY coalesce(parent_span_id, '') DESC, id DESC`,
      )
      .pluck();
    this.#deleteOfTrace = database
      .prepare<[string, string, number], string>(
        `DELETE FROM spans
         WHERE sequence IN (SELECT sequence FROM spans WHERE workspace = +? AND trace_id = +? LIMIT +?) RETURNING id`,
      )
      .pluck();
  }

  /** Deletes some spans of a trace; returns their ids. */
  deleteOfTrace(workspace: string, traceId: string, limit: number): string[] {
    return this.#deleteOfTrace.all(workspace, traceId, limit);
  }

  /** These spans, in any order. */
  summarized(workspace: string, ids: readonly string[]): Array<SpanOfTraceRow & { id: string }> {
    return this.#summarized.all(workspace, JSON.stringify(ids));
  }

  /** The ids of a trace's spans: those of the greatest parent first, of one parent the newest first. */
  idsOfTrace(workspace: string, traceId: string): string[] {
    return this.#idsOfTrace.all(workspace, traceId);
  }

  ofTraces(workspace: string, traceIds: readonly string[]): SpanOfTraceRow[] {
    return this.#ofTraces.all(workspace, JSON.stringify(traceIds));
  }
}
