/** How many rows are kept; then all are dropped. */
const MAX_ROWS = 2_000;

/**
 * Rows of a table that nearly every request reads, kept in memory by a key. Stores drop what they write; `Database`
 * drops all rows when a transaction is undone or rows are replaced. The rows are frozen, because requests share them.
 */
export class RowMemory<Row extends object> {
  readonly #rows = new Map<string, Row>();

  /** Returns the row of a key, which `read` reads when it is not kept. That there is none is not kept. */
  get(key: string, read: () => Row | undefined): Readonly<Row> | undefined {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = read();
    if (row === undefined) return undefined;
    if (this.#rows.size >= MAX_ROWS) this.#rows.clear();
    this.#rows.set(key, Object.freeze(row));
    return row;
  }

  /** Drops the row of a key that is about to be written. */
  drop(key: string): void {
    this.#rows.delete(key);
  }

  /** Drops all rows. */
  dropAll(): void {
    this.#rows.clear();
  }
}
