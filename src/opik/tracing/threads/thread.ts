import { flag, integer, text } from "../../../database/column.ts";
import { type Row, Table } from "../../../database/table.ts";

export const THREAD_STATUSES = ["active", "inactive"] as const;
export type ThreadStatus = (typeof THREAD_STATUSES)[number];

/** What is known of threads besides their traces. */
export const THREADS = new Table("trace_threads", {
  workspace: text(),
  id: text(),
  project_id: text(),
  thread_id: text(),
  status: text<ThreadStatus>().changing(),
  tags_json: text().nullable().changing(),
  created_at: integer(),
  created_by: text(),
  last_updated_at: integer().changing(),
  last_updated_by: text().changing(),
  /** Kept by triggers. */
  has_traces: flag().default(0),
});
export type ThreadRow = Row<typeof THREADS>;
