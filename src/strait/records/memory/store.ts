import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";

export interface MemoryRow {
  id: string;
  job_id: string;
  project_id: string;
  memory_key: string;
  value_json: string;
  size_bytes: number;
  ttl_expires_at: number | null;
  created_at: number;
  updated_at: number;
}

const COLUMNS = [
  "id",
  "job_id",
  "project_id",
  "memory_key",
  "value_json",
  "size_bytes",
  "ttl_expires_at",
  "created_at",
  "updated_at",
] as const satisfies ReadonlyArray<keyof MemoryRow>;

/** The SQL of what the runs of a job share. */
export class MemoryStore {
  readonly #upsert;
  readonly #find;
  readonly #list;
  readonly #size;
  readonly #delete;
  readonly #deleteExpired;
  readonly #deleteAllExpired;

  constructor(database: Database) {
    const columns = COLUMNS.join(", ");
    this.#upsert = database.prepare<[MemoryRow], MemoryRow>(
      `INSERT INTO executor_memory (${columns}) VALUES (${COLUMNS.map((column) => `:${column}`).join(", ")})
       ON CONFLICT (job_id, memory_key) DO UPDATE SET value_json = excluded.value_json,
         size_bytes = excluded.size_bytes, ttl_expires_at = excluded.ttl_expires_at, updated_at = excluded.updated_at
       RETURNING ${columns}`,
    );
    this.#find = database.prepare<[string, string], MemoryRow>(
      `SELECT ${columns} FROM executor_memory WHERE job_id = ? AND memory_key = ?`,
    );
    this.#list = database.prepare<[string], MemoryRow>(
      `SELECT ${columns} FROM executor_memory WHERE job_id = +? ORDER BY memory_key`,
    );
    this.#size = database
      .prepare<[string, string], number>(
        "SELECT coalesce(sum(size_bytes), 0) FROM executor_memory WHERE job_id = ? AND memory_key <> ?",
      )
      .pluck();
    this.#delete = database.prepare<[string, string]>(
      "DELETE FROM executor_memory WHERE job_id = ? AND memory_key = ?",
    );
    this.#deleteExpired = database.prepare<[string, number]>(
      "DELETE FROM executor_memory WHERE job_id = ? AND ttl_expires_at <= ?",
    );
    this.#deleteAllExpired = new SlicedDeletion(database, {
      table: "executor_memory",
      key: ["id"],
      condition: "ttl_expires_at <= +:time",
      order: "ttl_expires_at",
    });
  }

  upsert(row: MemoryRow): MemoryRow {
    return this.#upsert.get(row) ?? row;
  }

  find(jobId: string, key: string): MemoryRow | undefined {
    return this.#find.get(jobId, key);
  }

  /** By key. */
  list(jobId: string): MemoryRow[] {
    return this.#list.all(jobId);
  }

  /** Bytes that a job keeps under all keys but one. */
  sizeWithout(jobId: string, key: string): number {
    return this.#size.get(jobId, key) ?? 0;
  }

  delete(jobId: string, key: string): void {
    this.#delete.run(jobId, key);
  }

  deleteExpired(jobId: string, now: number): void {
    this.#deleteExpired.run(jobId, now);
  }

  /** Of all jobs. */
  deleteAllExpired(now: number): boolean {
    return this.#deleteAllExpired.run(now);
  }
}
