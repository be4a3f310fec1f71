import type { Database } from "../../../database/database.ts";
import type { CommonColumns, OwnColumns } from "../fields.ts";
import { RecordTable } from "../record-table.ts";
import type { SpanType } from "./schema.ts";

/** The columns that clients write and that are merged. */
export type SpanColumns = CommonColumns & {
  trace_id: string;
  parent_span_id: string | null;
  type: SpanType | null;
  model: string | null;
  provider: string | null;
  usage_json: string | null;
  total_estimated_cost: number | null;
};

export type SpanRow = OwnColumns & SpanColumns;

/** The summary of a trace's spans. */
export type SpanOfTraceRow = Pick<SpanRow, "trace_id" | "type" | "provider" | "usage_json" | "total_estimated_cost">;

/** The SQL of spans. */
export class SpanStore extends RecordTable<SpanRow> {
  readonly #ofTraces;
  readonly #deleteOfTrace;

  constructor(database: Database) {
    super(database, "spans", [
      "workspace",
      "id",
      "project_id",
      "trace_id",
      "parent_span_id",
      "name",
      "type",
      "start_time",
      "end_time",
      "input_json",
      "output_json",
      "metadata_json",
      "model",
      "provider",
      "tags_json",
      "usage_json",
      "error_info_json",
      "total_estimated_cost",
      "ttft",
      "source",
      "environment",
      "created_at",
      "created_by",
      "last_updated_at",
      "last_updated_by",
      "versions_json",
    ]);
    this.#ofTraces = database.prepare<[string, string], SpanOfTraceRow>(
      `SELECT trace_id, type, provider, usage_json, total_estimated_cost FROM spans
       WHERE workspace = +? AND trace_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    );
    this.#deleteOfTrace = database.prepare<[string, string, number]>(
      `DELETE FROM spans
       WHERE sequence IN (SELECT sequence FROM spans WHERE workspace = +? AND trace_id = +? LIMIT +?)`,
    );
  }

  /** Deletes some spans of a trace; returns how many. */
  deleteOfTrace(workspace: string, traceId: string, limit: number): number {
    return this.#deleteOfTrace.run(workspace, traceId, limit).changes;
  }

  ofTraces(workspace: string, traceIds: readonly string[]): SpanOfTraceRow[] {
    return this.#ofTraces.all(workspace, JSON.stringify(traceIds));
  }
}
