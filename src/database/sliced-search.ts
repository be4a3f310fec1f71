import { inSlices } from "../core/slices.ts";
import { BestRows, type SortedRow } from "./best-rows.ts";
import type { IdBlocks } from "./blocks.ts";
import type { Database } from "./database.ts";
import type { SizedRow } from "./rows-in-parts.ts";
import { type Order, Search } from "./search.ts";
import { Sql, sql } from "./sql.ts";

/** Which rows of a table are searched. */
export interface SlicedQuery {
  /** Conditions that an index on their columns and the id serves. */
  scope: readonly Sql[];
  /** Other conditions. */
  where: readonly Sql[];
  /** The conditions of the tables of blocks, when `scope` are all the rows that they count. */
  counted?: readonly Sql[] | undefined;
  /** An index finds the few rows that can meet the other conditions. */
  isSelective: boolean;
}

/** What rows are sorted by; those without a value come last. */
export interface SortKey {
  sql: Sql;
  descending: boolean;
}

/** Which page of the rows. */
export interface SlicedPage {
  limit: number;
  offset: number;
  /** Default the newest id first. */
  sorting?: SortKey | undefined;
}

/** As many rows are looked at in one slice: with their conditions, and in the index alone. */
const [ROWS_OF_SLICE, IDS_OF_SLICE] = [1_000, 10_000];

const NEWEST_FIRST: Order = { columns: ["id"], descending: true };

/** Greater than every id. */
const NO_ID = "~";

/**
 * Searches a table whose ids contain the time, the newest rows first. Conditions that no index serves are checked in
 * slices, between which other requests are answered; rows that are written meanwhile may be found or not.
 */
export class SlicedSearch {
  readonly #bytes: Sql;
  readonly #rows: Search<SizedRow>;
  readonly #ids: Search<SortedRow>;
  readonly #blocks: IdBlocks | undefined;

  /**
   * @param table has the column `id` and those of the conditions
   * @param bytes about how large a row is, in SQL
   * @param blocks counts its rows by their ids; default they are counted one by one
   */
  constructor(database: Database, table: string, bytes: string, blocks?: IdBlocks) {
    this.#bytes = new Sql(bytes);
    this.#rows = new Search(database, `id, ${bytes} AS bytes`, table);
    this.#ids = new Search(database, "id", table);
    this.#blocks = blocks;
  }

  /** The newest rows, after the one with this id. */
  async newest({ scope, where, isSelective }: SlicedQuery, limit: number, after = NO_ID): Promise<SizedRow[]> {
    const found: SizedRow[] = [];
    const visit = (part: Sql): boolean => {
      const conditions = [...scope, part, ...where];
      found.push(...this.#rows.page({ where: conditions, order: NEWEST_FIRST, limit: limit - found.length }));
      return found.length < limit;
    };
    if (isSelective || where.length === 0) visit(sql`id < ${after}`);
    else await this.#walk(scope, after, ROWS_OF_SLICE, visit);
    return found;
  }

  /** Visits all rows, the newest first, some at a time. */
  async forEach({ scope, where, isSelective }: SlicedQuery, visit: (ids: readonly string[]) => void): Promise<void> {
    const visitPart = (part: Sql): boolean => {
      visit(this.#ids.where([...scope, part, ...where]).map(({ id }) => id));
      return true;
    };
    if (isSelective) visitPart(sql`TRUE`);
    else await this.#walk(scope, NO_ID, ROWS_OF_SLICE, visitPart);
  }

  /** One page of the rows, and how many there are in all. */
  async page(query: SlicedQuery, page: SlicedPage): Promise<{ rows: SizedRow[]; total: number }> {
    const { scope, where, isSelective, counted } = query;
    const { limit, offset, sorting } = page;
    if (where.length === 0 && sorting === undefined) {
      if (counted === undefined || this.#blocks === undefined) return this.#pageOfIndex(scope, page);
      return this.#pageOfBlocks(scope, page, this.#blocks.find(counted, offset));
    }
    const sort = sorting?.sql ?? sql`NULL`;
    const best = new BestRows(offset + limit, sorting?.descending ?? false);
    let total = 0;
    const visit = (part: Sql): boolean => {
      const rows = this.#ids.where([...scope, part, ...where], sql`id, ${this.#bytes} AS bytes, ${sort} AS sort`);
      total += rows.length;
      best.add(rows);
      return true;
    };
    if (isSelective) visit(sql`TRUE`);
    else await this.#walk(scope, NO_ID, ROWS_OF_SLICE, visit);
    return { rows: best.rows().slice(offset), total };
  }

  /** A page that an index has in its order, from where it begins. */
  #pageOfBlocks(
    scope: readonly Sql[],
    { limit }: SlicedPage,
    { total, place }: ReturnType<IdBlocks["find"]>,
  ): { rows: SizedRow[]; total: number } {
    if (place === undefined) return { rows: [], total };
    const { before, skip } = place;
    return {
      rows: this.#rows.page({ where: scope, order: NEWEST_FIRST, after: [before], limit, offset: skip }),
      total,
    };
  }

  /** A page that an index has in its order. */
  async #pageOfIndex(
    scope: readonly Sql[],
    { limit, offset }: SlicedPage,
  ): Promise<{ rows: SizedRow[]; total: number }> {
    let total = 0;
    await this.#walk(scope, NO_ID, IDS_OF_SLICE, (part) => {
      total += this.#rows.count([...scope, part]);
      return true;
    });
    return { rows: this.#rows.page({ where: scope, order: NEWEST_FIRST, limit, offset }), total };
  }

  /**
   * Visits the rows of a scope below an id, the newest first, in parts of so many rows.
   * @param visit takes the condition of the rows of a part; returns whether there is need for more
   */
  async #walk(scope: readonly Sql[], below: string, size: number, visit: (part: Sql) => boolean): Promise<void> {
    let last = below;
    await inSlices(() => {
      const start = sql`id < ${last}`;
      const [end] = this.#ids.page({ where: [...scope, start], order: NEWEST_FIRST, limit: 1, offset: size - 1 });
      const goesOn = visit(end === undefined ? start : sql`${start} AND id >= ${end.id}`);
      last = end?.id ?? last;
      return goesOn && end !== undefined;
    });
  }
}
