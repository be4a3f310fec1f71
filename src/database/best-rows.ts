import type { SizedRow } from "./rows-in-parts.ts";
import type { SqlValue } from "./sql.ts";

/** A row and what it is sorted by. */
export interface SortedRow extends SizedRow {
  sort: SqlValue;
}

/** More rows than these beyond the limit are not kept. */
const SPARE_ROWS = 2_000;

/** The first rows in the order of a list, of all that are added. Rows without a value come last, newer ids first. */
export class BestRows {
  readonly #limit: number;
  readonly #compare: (one: SortedRow, other: SortedRow) => number;
  #rows: SortedRow[] = [];

  constructor(limit: number, descending: boolean) {
    this.#limit = limit;
    this.#compare = (one, other) =>
      byPresence(one, other) || (descending ? byValue(other, one) : byValue(one, other)) || byNewest(one, other);
  }

  add(rows: readonly SortedRow[]): void {
    this.#rows.push(...rows);
    if (this.#rows.length > this.#limit + SPARE_ROWS) this.#rows = this.rows();
  }

  /** The first rows, at most as many as the limit. */
  rows(): SortedRow[] {
    return this.#rows.toSorted(this.#compare).slice(0, this.#limit);
  }
}

function byPresence({ sort: one }: SortedRow, { sort: other }: SortedRow): number {
  return Number(one === null) - Number(other === null);
}

/** As SQLite compares them: numbers before texts. */
function byValue({ sort: one }: SortedRow, { sort: other }: SortedRow): number {
  if (one === null || other === null || one === other) return 0;
  const [oneIsText, otherIsText] = [typeof one === "string", typeof other === "string"];
  if (oneIsText !== otherIsText) return oneIsText ? 1 : -1;
  return one < other ? -1 : 1;
}

function byNewest({ id: one }: SortedRow, { id: other }: SortedRow): number {
  return one > other ? -1 : 1;
}
