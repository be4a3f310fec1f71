import type { Database } from "../../database/database.ts";
import type { CommonColumns, OwnColumns } from "../tracing/fields.ts";
import { RecordTable } from "../tracing/record-table.ts";

/** The columns that clients write and that are merged. */
export type TraceColumns = CommonColumns & {
  thread_id: string | null;
};

export type TraceRow = OwnColumns & TraceColumns;

/** The SQL of traces. */
export class TraceStore extends RecordTable<TraceRow> {
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
  }
}
