import { LongList } from "../core/long-list.ts";

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
