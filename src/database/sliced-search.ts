import { inSlices } from "../core/slices.ts";
import { BestRows, type SortedRow } from "./best-rows.ts";
import type { IdBlocks } from "./blocks.ts";
import type { Database } from "./database.ts";
import type { SizedRow } from "./rows-in-parts.ts";
import { type Order, Search } from "./search.ts";
import { isOneOf, Sql, sql } from "./sql.ts";

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
  /** The same by the index table, if it can serve one of the conditions. */
  byIndex?: IndexQuery | undefined;
}

/** A search by a table with the ids of the rows that meet a condition. */
export interface IndexQuery {
  /** Conditions of that table, which its primary key serves and continues with the id. */
  scope: readonly Sql[];
  /** The other conditions of the rows. */
  where: readonly Sql[];
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
  readonly #indexed: Search<{ id: string }> | undefined;

  /**
   * @param table has the column `id` and those of the conditions
   * @param bytes about how large a row is, in SQL
   * @param blocks counts its rows by their ids; default they are counted one by one
   * @param index the name of the index table; default none
   */
  constructor(
    database: Database,
    table: string,
    bytes: string,
    { blocks, index }: { blocks?: IdBlocks | undefined; index?: string | undefined } = {},
  ) {
    this.#bytes = new Sql(bytes);
    this.#rows = new Search(database, `id, ${bytes} AS bytes`, table);
    this.#ids = new Search(database, "id", table);
    this.#blocks = blocks;
    this.#indexed = index === undefined ? undefined : new Search(database, "id", index);
  }

  /** The newest rows, after the one with this id. */
  async newest(query: SlicedQuery, limit: number, after = NO_ID): Promise<SizedRow[]> {
    const { scope, where, isSelective, byIndex } = query;
    const found: SizedRow[] = [];
    const visit = (conditions: readonly Sql[]): boolean => {
      found.push(...this.#rows.page({ where: conditions, order: NEWEST_FIRST, limit: limit - found.length }));
      return found.length < limit;
    };
    const visitIndexed = (conditions: readonly Sql[]): boolean => {
      found.push(...newestFirst(this.#rows.where(conditions)).slice(0, limit - found.length));
      return found.length < limit;
    };
    if (isSelective || (where.length === 0 && byIndex === undefined)) visit([...scope, sql`id < ${after}`, ...where]);
    else await this.#visitParts(query, after, byIndex === undefined ? visit : visitIndexed);
    return found;
  }

  /** Visits all rows, the newest first, some at a time. */
  async forEach(query: SlicedQuery, visit: (ids: readonly string[]) => void): Promise<void> {
    await this.#visitParts(query, NO_ID, (conditions) => {
      visit(this.#ids.where(conditions).map(({ id }) => id));
      return true;
    });
  }

  /** One page of the rows, and how many there are in all. */
  async page(query: SlicedQuery, page: SlicedPage): Promise<{ rows: SizedRow[]; total: number }> {
    const { scope, where, counted, byIndex } = query;
    const { limit, offset, sorting } = page;
    if (byIndex?.where.length === 0 && sorting === undefined) return this.#pageOfIndexTable(byIndex.scope, scope, page);
    if (where.length === 0 && sorting === undefined) {
      if (counted === undefined || this.#blocks === undefined) return this.#pageOfIndex(scope, page);
      return this.#pageOfBlocks(scope, page, this.#blocks.find(counted, offset));
    }
    const sort = sorting?.sql ?? sql`NULL`;
    const best = new BestRows(offset + limit, sorting?.descending ?? false);
    let total = 0;
    await this.#visitParts(query, NO_ID, (conditions) => {
      const rows = this.#ids.where(conditions, sql`id, ${this.#bytes} AS bytes, ${sort} AS sort`);
      total += rows.length;
      best.add(rows);
      return true;
    });
    return { rows: best.rows().slice(offset), total };
  }

  /**
   * Visits the rows of a query below an id, the newest first, some at a time.
   * @param visit takes the conditions of some rows; returns whether there is need for more
   */
  async #visitParts(
    { scope, where, isSelective, byIndex }: SlicedQuery,
    below: string,
    visit: (conditions: readonly Sql[]) => boolean,
  ): Promise<void> {
    if (isSelective) visit([...scope, ...where]);
    else if (byIndex === undefined || this.#indexed === undefined) {
      await this.#walk(scope, below, ROWS_OF_SLICE, (part) => visit([...scope, part, ...where]));
    } else await this.#walkIndexed(this.#indexed, byIndex, below, (ids) => visit([...scope, ids, ...byIndex.where]));
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
    const total = await countInSlices(this.#ids, scope);
    return { rows: this.#rows.page({ where: scope, order: NEWEST_FIRST, limit, offset }), total };
  }

  /** A page that the index table has in its order. */
  async #pageOfIndexTable(
    indexScope: readonly Sql[],
    scope: readonly Sql[],
    { limit, offset }: SlicedPage,
  ): Promise<{ rows: SizedRow[]; total: number }> {
    if (this.#indexed === undefined) return { rows: [], total: 0 };
    const total = await countInSlices(this.#indexed, indexScope);
    const ids = this.#indexed.page({ where: indexScope, order: NEWEST_FIRST, limit, offset });
    return { rows: newestFirst(this.#rows.where([...scope, hasIdOf(ids)])), total };
  }

  /** Visits rows that the index table has, below an id, the newest first. @param visit as in `#walk` */
  async #walkIndexed(
    indexed: Search<{ id: string }>,
    { scope }: IndexQuery,
    below: string,
    visit: (part: Sql) => boolean,
  ): Promise<void> {
    let last = below;
    await inSlices(() => {
      const ids = indexed.page({ where: [...scope, sql`id < ${last}`], order: NEWEST_FIRST, limit: ROWS_OF_SLICE });
      last = ids.at(-1)?.id ?? last;
      return ids.length > 0 && visit(hasIdOf(ids)) && ids.length === ROWS_OF_SLICE;
    });
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

/** Counts rows in the order of their ids, some at a time. */
async function countInSlices(search: Search<{ id: string }>, scope: readonly Sql[]): Promise<number> {
  let [total, last] = [0, NO_ID];
  await inSlices(() => {
    const rest = [...scope, sql`id < ${last}`];
    const [end] = search.page({ where: rest, order: NEWEST_FIRST, limit: 1, offset: IDS_OF_SLICE - 1 });
    total += end === undefined ? search.count(rest) : IDS_OF_SLICE;
    last = end?.id ?? last;
    return end !== undefined;
  });
  return total;
}

function hasIdOf(rows: ReadonlyArray<{ id: string }>): Sql {
  return isOneOf(
    sql`id`,
    rows.map(({ id }) => id),
  );
}

function newestFirst<Row extends { id: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => (one.id < other.id ? 1 : -1));
}
