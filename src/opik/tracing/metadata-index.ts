import { inSlices } from "../../core/slices.ts";
import type { Database } from "../../database/database.ts";
import { isDiskFull, isWriteRefused } from "../../database/errors.ts";
import { type Order, Search } from "../../database/search.ts";
import { type Sql, sql } from "../../database/sql.ts";

/** How many rows are indexed in one slice, and how many bytes of metadata at most. */
const [ROWS_OF_SLICE, BYTES_OF_SLICE] = [200, 64 * 1024];

/** A filter indexes no more rows than these before it answers, which takes less than a second. */
const MAX_ROWS_OF_SEARCH = 50_000;
const MAX_SLICES_OF_SEARCH = MAX_ROWS_OF_SEARCH / ROWS_OF_SLICE;

/** Stands for metadata that is too large. */
const HAS_EMPTY_KEY = sql`key = ''`;
const BY_ID: Order = { columns: ["value", "id"], descending: false };

/**
 * The values at the top of the metadata of traces or spans, in a table for filters (`0038_record_metadata.sql`). Rows
 * are indexed when a filter needs them: their writes do not pay for it. Changes and deletions of rows that are indexed
 * are followed by triggers.
 */
export class MetadataIndex {
  readonly #database: Database;
  readonly #table: string;
  readonly #progress;
  readonly #last;
  readonly #next;
  readonly #values: Search<{ id: string }>;
  readonly #add;
  readonly #advance;
  /** Whether a filter has needed it since the start. */
  #isUsed = false;

  /**
   * @param table `traces` or `spans`
   * @param values the table of values, and with the suffix `_values` the view that it is filled from
   */
  constructor(database: Database, table: string, values: string) {
    this.#database = database;
    this.#table = table;
    this.#progress = database
      .prepare<[string], number>("SELECT sequence FROM metadata_progress WHERE name = ?")
      .pluck();
    this.#last = database.prepare<[], number>(`SELECT coalesce(max(sequence), 0) FROM ${table}`).pluck();
    this.#next = database.prepare<[number, number], { sequence: number; bytes: number }>(
      `SELECT sequence, coalesce(octet_length(metadata_json), 0) AS bytes FROM ${table}
       WHERE sequence > +? ORDER BY sequence LIMIT +?`,
    );
    this.#values = new Search(database, "id", values);
    this.#add = database.prepare<[number, number]>(
      `INSERT OR IGNORE INTO ${values} SELECT workspace, project_id, key, value, id FROM ${values}_values
       WHERE sequence > ? AND sequence <= ?`,
    );
    this.#advance = database.prepare<[string, number]>(
      "INSERT INTO metadata_progress VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence",
    );
  }

  /**
   * Whether it has all values of a project. First it indexes what has been written since the last filter, in slices,
   * unless that is too much; then the next calls of `continue` do it.
   * @param project conditions on the columns `workspace` and `project_id`
   */
  async canServe(project: readonly Sql[]): Promise<boolean> {
    this.#isUsed = true;
    if (this.#missing() > MAX_ROWS_OF_SEARCH) return false;
    let slices = 0;
    await inSlices(() => {
      slices += 1;
      return this.#indexSlice() && slices < MAX_SLICES_OF_SEARCH;
    });
    if (this.#missing() > 0) return false;
    const [large] = this.#values.page({ where: [...project, HAS_EMPTY_KEY], order: BY_ID, limit: 1 });
    return large === undefined;
  }

  /**
   * Indexes some rows, if a filter has needed the index since the start.
   * @returns whether there may be more
   */
  continue(): boolean {
    return this.#isUsed && this.#indexSlice();
  }

  /** @returns about how many rows are not indexed */
  #missing(): number {
    return (this.#last.get() ?? 0) - (this.#progress.get(this.#table) ?? 0);
  }

  #indexSlice(): boolean {
    if (this.#missing() === 0) return false;
    try {
      this.#database.transaction(() => {
        const start = this.#progress.get(this.#table) ?? 0;
        const end = this.#endOfSlice(start);
        this.#add.run(start, end);
        this.#advance.run(this.#table, end);
      });
    } catch (error) {
      // Reads go on, without the index.
      if (isWriteRefused(error) || isDiskFull(error)) return false;
      throw error;
    }
    return true;
  }

  /** @returns the last row of the slice that begins after a row */
  #endOfSlice(start: number): number {
    let [end, size] = [start, 0];
    for (const { sequence, bytes } of this.#next.all(start, ROWS_OF_SLICE)) {
      end = sequence;
      size += bytes;
      if (size >= BYTES_OF_SLICE) break;
    }
    return end;
  }
}
