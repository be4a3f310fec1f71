/** The rows of a long list, of which only those are read that are shown. */
export interface Rows<Row> {
  /** How many there are, as far as is known. */
  count: number;
  /** Whether `count` is all of them; otherwise more are read when the end comes into view. */
  isAll: boolean;
  /** `undefined` while it is being read. */
  at(index: number): Row | undefined;
  /** Says which rows are in view. */
  show(from: number, to: number): void;
  /** Whether the first rows have been read. */
  isLoaded: boolean;
  error: Error | undefined;
}

/** Rows that are all there. */
export function rowsOf<Row>(rows: readonly Row[]): Rows<Row> {
  return {
    count: rows.length,
    isAll: true,
    at: (index) => rows[index],
    show: () => {},
    isLoaded: true,
    error: undefined,
  };
}
