import type { Database } from "../../../database/database.ts";

export interface ResourceSnapshotRow {
  id: string;
  run_id: string;
  cpu_percent: number;
  memory_mb: number;
  memory_limit_mb: number;
  network_rx_bytes: number;
  network_tx_bytes: number;
  created_at: number;
}

const COLUMNS = `id, run_id, cpu_percent, memory_mb, memory_limit_mb, network_rx_bytes, network_tx_bytes, created_at`;

/** The SQL of resource snapshots. */
export class ResourceStore {
  readonly #insert;
  readonly #between;
  readonly #count;

  constructor(database: Database) {
    this.#insert = database.prepare<[ResourceSnapshotRow]>(
      `INSERT INTO executor_resource_snapshots (${COLUMNS}) VALUES (:id, :run_id, :cpu_percent, :memory_mb,
       :memory_limit_mb, :network_rx_bytes, :network_tx_bytes, :created_at)`,
    );
    this.#between = database.prepare<[string, number, number, number], ResourceSnapshotRow>(
      `SELECT ${COLUMNS} FROM executor_resource_snapshots WHERE run_id = +? AND created_at BETWEEN +? AND +?
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
