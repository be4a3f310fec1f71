import { integer, json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const MEMORY = new Table("executor_memory", {
  id: text(),
  job_id: text(),
  project_id: text(),
  memory_key: text(),
  value_json: json().changing(),
  size_bytes: integer().changing(),
  ttl_expires_at: time().nullable().changing(),
  created_at: time(),
  updated_at: time().changing(),
});

export type MemoryRow = Row<typeof MEMORY>;

/** The SQL of values that the runs of a job share. */
export class MemoryStore {
  readonly #upsert;
  readonly #find;
  readonly #list;
  readonly #size;
  readonly #delete;
  readonly #deleteExpired;
  readonly #deleteAllExpired;

  constructor(database: Database) {
    this.#upsert = database.prepare<[MemoryRow], MemoryRow>(
      `${MEMORY.insertion} ON CONFLICT (job_id, memory_key) DO UPDATE SET ${MEMORY.assignments}
       RETURNING ${MEMORY.list}`,
    );
    this.#find = database.prepare<[string, string], MemoryRow>(
      `SELECT ${MEMORY.list} FROM executor_memory WHERE job_id = ? AND memory_key = ?`,
    );
    this.#list = database.prepare<[string], MemoryRow>(
      `SELECT ${MEMORY.list} FROM executor_memory WHERE job_id = +? ORDER BY memory_key`,
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
