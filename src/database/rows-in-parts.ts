import { LongList } from "../core/long-list.ts";
import type { Database } from "./database.ts";

/** A row to be read, and about how large it is. */
export interface SizedRow {
  id: string;
  bytes: number;
}

/** A part ends behind the row with which it has this many bytes, so that large rows are read one by one. */
const BYTES_OF_PART = 1024 * 1024;

/** An SQL expression for the bytes of columns; SQLite reads no more than the beginning of a row for it. */
export function bytesOf(columns: readonly string[]): string {
  return columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(" + ");
}

/**
 * Rows in the order of `rows`, read when they are needed and as few at once as fit into the memory.
 * @param find reads one row; rows that no longer exist are left out
 */
export function rowsInParts<Row>(rows: readonly SizedRow[], find: (id: string) => Row | undefined): LongList<Row> {
  return new LongList(function* () {
    let part: Row[] = [];
    let bytes = 0;
    for (const { id, bytes: size } of rows) {
      const row = find(id);
      if (row !== undefined) part.push(row);
      bytes += size;
      if (bytes < BYTES_OF_PART) continue;
      yield part;
      part = [];
      bytes = 0;
    }
    yield part;
  });
}

/** As many rows of a table are looked for at once. */
const ROWS_AT_ONCE = 1_000;

/**
 * All rows of a table with an `id`, in the order of its `sequence`, read as `rowsInParts` does.
 * @param large its columns that may be large
 */
export function tableInParts<Row>(
  database: Database,
  { table, large }: { table: string; large: readonly string[] },
  find: (id: string) => Row | undefined,
): LongList<Row> {
  const next = database.prepare<[number, number], SizedRow & { sequence: number }>(
    `SELECT sequence, id, ${bytesOf(large)} AS bytes FROM ${table} WHERE sequence > +? ORDER BY sequence LIMIT +?`,
  );
  return new LongList(function* () {
    let last = 0;
    let rows: ReturnType<typeof next.all>;
    do {
      rows = next.all(last, ROWS_AT_ONCE);
      last = rows.at(-1)?.sequence ?? last;
      yield* rowsInParts(rows, find).parts();
    } while (rows.length === ROWS_AT_ONCE);
  });
}
