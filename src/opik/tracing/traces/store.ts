import type { Database } from "../../../database/database.ts";
import type { CommonColumns, OwnColumns } from "../fields.ts";
import { RecordTable } from "../record-table.ts";

/** The columns that clients write and that are merged. */
export type TraceColumns = CommonColumns & {
  thread_id: string | null;
};

export type TraceRow = OwnColumns & TraceColumns;

/** The columns of a trace that statistics are computed from. */
export type CountedTraceRow = Pick<TraceRow, "id" | "start_time" | "end_time" | "thread_id">;

/** The SQL of traces. */
export class TraceStore extends RecordTable<TraceRow> {
  readonly #countedAfter;
  readonly #counted;

  constructor(database: Database) {
    super(database, "traces", [
      "workspace",
      "id",
      "project_id",
      "name",
      "start_time",
      "end_time",
      "input_json",
      "output_json",
      "metadata_json",
      "tags_json",
      "error_info_json",
      "ttft",
      "source",
      "environment",
      "thread_id",
      "created_at",
      "created_by",
      "last_updated_at",
      "last_updated_by",
      "versions_json",
    ]);
    this.#countedAfter = database.prepare<[object], CountedTraceRow>(
      `SELECT id, start_time, end_time, thread_id FROM traces
       WHERE workspace = +:workspace AND project_id = +:projectId AND id > +:after ORDER BY id LIMIT +:limit`,
    );
    this.#counted = database.prepare<[string, string], CountedTraceRow>(
      `SELECT id, start_time, end_time, thread_id FROM traces
       WHERE workspace = ? AND id IN (SELECT value FROM json_each(?))`,
    );
  }

  /**
   * Some traces of a project, in the order of their ids.
   * @param after the id before them; `""` for the first ones
   */
  countedAfter(workspace: string, projectId: string, after: string, limit: number): CountedTraceRow[] {
    return this.#countedAfter.all({ workspace, projectId, after, limit });
  }

  /** The traces of these ids that are there. */
  counted(workspace: string, ids: readonly string[]): CountedTraceRow[] {
    return this.#counted.all(workspace, JSON.stringify(ids));
  }
}
