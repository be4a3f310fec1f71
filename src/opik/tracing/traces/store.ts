import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type RowOf, Table } from "../../../database/table.ts";
import { TRACE_BLOCKS } from "../blocks.ts";
import { COMMON_COLUMNS, type CommonColumns, OWN_COLUMNS, type OwnColumns } from "../fields.ts";
import { RecordTable } from "../record-table.ts";

const TRACE_COLUMNS = { thread_id: text().nullable() };

export const TRACES = new Table("traces", { ...OWN_COLUMNS, ...COMMON_COLUMNS, ...TRACE_COLUMNS });

/** The columns that clients write and that are merged. */
export type TraceColumns = CommonColumns & RowOf<typeof TRACE_COLUMNS>;

export type TraceRow = OwnColumns & TraceColumns;

/** The columns of a trace that statistics are computed from. */
export type CountedTraceRow = Pick<TraceRow, "id" | "start_time" | "end_time" | "thread_id">;

/** The SQL of traces. */
export class TraceStore extends RecordTable<TraceRow> {
  readonly #countedAfter;
  readonly #counted;

  constructor(database: Database) {
    super(database, TRACES, { blocks: TRACE_BLOCKS, metadata: "trace_metadata" });
    this.#countedAfter = database.prepare<[object], CountedTraceRow>(
      `SELECT id, start_time, end_time, thread_id FROM traces
       WHERE workspace = +:workspace AND project_id = +:projectId AND id > +:after AND id <= +:last ORDER BY id LIMIT +:limit`,
    );
    this.#counted = database.prepare<[string, string], CountedTraceRow>(
      `SELECT id, start_time, end_time, thread_id FROM traces
       WHERE workspace = ? AND id IN (SELECT value FROM json_each(?))`,
    );
  }

  /**
   * Some traces of a project, in the order of their ids.
   * @param after the id before them; `""` for the first ones
   * @param last the greatest id that one of them can have
   */
  countedAfter(
    workspace: string,
    projectId: string,
    { after, last }: { after: string; last: string },
    limit: number,
  ): CountedTraceRow[] {
    return this.#countedAfter.all({ workspace, projectId, after, last, limit });
  }

  /** The traces of these ids that are there. */
  counted(workspace: string, ids: readonly string[]): CountedTraceRow[] {
    return this.#counted.all(workspace, JSON.stringify(ids));
  }
}
