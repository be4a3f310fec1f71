import { integer, real, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const RESOURCE_SNAPSHOTS = new Table("executor_resource_snapshots", {
  id: text(),
  run_id: text(),
  cpu_percent: real(),
  memory_mb: real(),
  memory_limit_mb: real(),
  network_rx_bytes: integer(),
  network_tx_bytes: integer(),
  created_at: time(),
});

export type ResourceSnapshotRow = Row<typeof RESOURCE_SNAPSHOTS>;

/** The SQL of resource snapshots. */
export class ResourceStore {
  readonly #insert;
  readonly #between;
  readonly #count;

  constructor(database: Database) {
    this.#insert = RESOURCE_SNAPSHOTS.insert(database);
    this.#between = database.prepare<[string, number, number, number], ResourceSnapshotRow>(
      `SELECT ${RESOURCE_SNAPSHOTS.list} FROM executor_resource_snapshots WHERE run_id = +? AND created_at BETWEEN +? AND +?
       ORDER BY created_at DESC, id DESC LIMIT +?`,
    );
    this.#count = database
      .prepare<[string], number>("SELECT count(*) FROM executor_resource_snapshots WHERE run_id = ?")
      .pluck();
  }

  insert(row: ResourceSnapshotRow): void {
    this.#insert.run(row);
  }

  /** Newest first; both times included. */
  between(runId: string, from: number, to: number, limit: number): ResourceSnapshotRow[] {
    return this.#between.all(runId, from, to, limit);
  }

  count(runId: string): number {
    return this.#count.get(runId) ?? 0;
  }
}
