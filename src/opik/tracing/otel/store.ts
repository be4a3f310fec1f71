import { integer, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";

const OTEL_TRACES = new Table("otel_traces", {
  workspace: text(),
  project_id: text(),
  // OpenTelemetry's id, in hexadecimal digits
  otel_id: text(),
  trace_id: text(),
  created_at: integer(),
});
export type OtelTraceRow = Row<typeof OTEL_TRACES>;

/** The SQL of the traces that came by OpenTelemetry. */
export class OtelTraceStore {
  readonly #insert;
  readonly #find;
  readonly #deleteCreated;

  constructor(database: Database) {
    this.#insert = database.prepare<[OtelTraceRow]>(OTEL_TRACES.insertion);
    this.#find = database
      .prepare<[string, string, string], string>(
        "SELECT trace_id FROM otel_traces WHERE workspace = ? AND project_id = ? AND otel_id = ?",
      )
      .pluck();
    this.#deleteCreated = new SlicedDeletion(database, {
      table: "otel_traces",
      key: ["workspace", "project_id", "otel_id"],
      condition: "created_at <= +:time",
      order: "created_at",
    });
  }

  insert(row: OtelTraceRow): void {
    this.#insert.run(row);
  }

  /** The id that a trace of OpenTelemetry has here. */
  find(workspace: string, projectId: string, otelId: string): string | undefined {
    return this.#find.get(workspace, projectId, otelId);
  }

  /** Deletes the rows of all workspaces that were written at `time` or before; returns whether there may be more. */
  deleteCreated(time: number): boolean {
    return this.#deleteCreated.run(time);
  }
}
