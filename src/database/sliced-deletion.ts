import type { Database } from "./database.ts";
import type { Statement } from "./statement.ts";

/** The limit of rows that one slice deletes. */
const MAX_ROWS = 50;
/**
 * A slice ends when it has changed this many rows: those that it deletes, those that go with them, and counts kept by
 * triggers.
 */
const MAX_CHANGES = 200;

/** What is deleted of a table. */
export interface Deletion {
  table: string;
  /** The columns of its primary key. */
  key: readonly string[];
  /** Which rows, with `:time` for a time in milliseconds since the epoch, and other names for texts or NULL. */
  condition: string;
  /** The column that is smallest in the oldest rows; it has an index. */
  order: string;
}

/** Deletes the old rows of a table, the oldest first, in slices that do not block requests for long. */
export class SlicedDeletion {
  readonly #database: Database;
  readonly #oldest: Statement<
    [{ time: number; limit: number; [name: string]: string | number | null }],
    Record<string, unknown>
  >;
  readonly #delete: Statement<[Record<string, unknown>], unknown>;
  readonly #changes: Statement<[], number>;

  constructor(database: Database, { table, key, condition, order }: Deletion) {
    this.#database = database;
    this.#oldest = database.prepare(
      `SELECT ${key.join(", ")} FROM ${table} WHERE ${condition} ORDER BY ${order} LIMIT +:limit`,
    );
    this.#delete = database.prepare(
      `DELETE FROM ${table} WHERE ${key.map((column) => `${column} = :${column}`).join(" AND ")}`,
    );
    // Rows deleted by foreign keys count here, and nowhere else.
    this.#changes = database.prepare<[], number>("SELECT total_changes()").pluck();
  }

  /**
   * Deletes one slice, in one transaction; nothing while deletions wait.
   * @param time for the condition
   * @returns whether there may be more: `run` is to be called again after a pause
   */
  run(time: number): boolean {
    return this.slice(time).hasMore;
  }

  /**
   * The same.
   * @param texts for the other names in the condition
   * @returns how many rows of the table were deleted, without those that go with them, and whether there may be more
   */
  slice(time: number, texts: Readonly<Record<string, string | null>> = {}): { deleted: number; hasMore: boolean } {
    if (this.#database.deletionsWait) return { deleted: 0, hasMore: true };
    const rows = this.#oldest.all({ ...texts, time, limit: MAX_ROWS });
    if (rows.length === 0) return { deleted: 0, hasMore: false };
    return this.#database.transaction(() => {
      const last = this.#countChanges() + MAX_CHANGES;
      for (const [index, row] of rows.entries()) {
        this.#delete.run(row);
        if (this.#countChanges() >= last) return { deleted: index + 1, hasMore: true };
      }
      return { deleted: rows.length, hasMore: rows.length === MAX_ROWS };
    });
  }

  #countChanges(): number {
    return this.#changes.get() ?? 0;
  }
}
