import type { Database } from "./database.ts";
import { allOf, Sql, sql, type SqlValue } from "./sql.ts";
import type { Statement } from "./statement.ts";

/**
 * The order of a list: columns that are unique together, so that one row comes after another. An index on the columns of
 * the conditions that are always there, followed by these, serves a page without sorting.
 */
export interface Order {
  columns: readonly string[];
  descending: boolean;
}

/** A page of a list. */
export interface PageQuery {
  /** The conditions that are present; those that are `undefined` are left out. */
  where: ReadonlyArray<Sql | undefined>;
  order: Order;
  /** The values of the order's columns in the last row of the page before. */
  after?: readonly SqlValue[] | undefined;
  /** The limit of rows. */
  limit: number;
  /** How many rows are skipped; default 0. Costs time for each of them, unlike `after`. */
  offset?: number;
}

/** The limit of statements that are kept for one list; the one that was not used for longest is dropped. */
const MAX_STATEMENTS = 50;

/**
 * A list with filters. Its statements are built from the conditions that are present, so that SQLite can plan for them:
 * one statement with `:x IS NULL OR column = :x` for each filter has one plan, which reads every row. Statements are
 * kept by their text, which depends on which conditions are present, not on their values.
 */
export class Search<Row> {
  readonly #database: Database;
  readonly #columns: Sql;
  readonly #from: Sql;
  readonly #statements = new Map<string, Statement<SqlValue[], Row>>();

  /**
   * @param columns what is selected: `id, name`
   * @param from the table, or a join
   */
  constructor(database: Database, columns: string, from: string) {
    this.#database = database;
    this.#columns = new Sql(columns);
    this.#from = new Sql(from);
  }

  /** The rows of a page. */
  page({ where, order, after, limit, offset = 0 }: PageQuery): Row[] {
    const condition = allOf([...where, after && isAfter(order, after)]);
    const skipped = offset === 0 ? new Sql("") : sql` OFFSET ${offset}`;
    return this.all(sql`WHERE ${condition} ${orderBy(order)} LIMIT ${limit}${skipped}`);
  }

  /**
   * All rows, in any order.
   * @param columns what is selected instead
   */
  where(conditions: ReadonlyArray<Sql | undefined>, columns?: Sql): Row[] {
    return this.all(sql`WHERE ${allOf(conditions)}`, columns);
  }

  /** The number of rows. */
  count(conditions: ReadonlyArray<Sql | undefined>): number {
    const { text, values } = sql`SELECT count(*) FROM ${this.#from} WHERE ${allOf(conditions)}`;
    const statement = this.#statement(text, true);
    return (statement.get(...values) as number | undefined) ?? 0;
  }

  /**
   * The rows of a query that begins with `SELECT columns FROM table`.
   * @param columns what is selected instead
   */
  all(rest: Sql, columns: Sql = this.#columns): Row[] {
    const { text, values } = sql`SELECT ${columns} FROM ${this.#from} ${rest}`;
    return this.#statement(text, false).all(...values);
  }

  #statement(text: string, plucked: boolean): Statement<SqlValue[], Row> {
    const known = this.#statements.get(text);
    const prepared = known ?? this.#database.prepare<SqlValue[], Row>(text);
    const statement = known ?? (plucked ? prepared.pluck() : prepared);
    // The last one is the one that was used last.
    this.#statements.delete(text);
    this.#statements.set(text, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > MAX_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }
}

function orderBy({ columns, descending }: Order): Sql {
  const direction = descending ? "DESC" : "ASC";
  return new Sql(`ORDER BY ${columns.map((column) => `${column} ${direction}`).join(", ")}`);
}

/** The condition of rows that come after the one with these values. */
function isAfter({ columns, descending }: Order, values: readonly SqlValue[]): Sql {
  const parameters = columns.map(() => "+?").join(", ");
  return new Sql(`(${columns.join(", ")}) ${descending ? "<" : ">"} (${parameters})`, values);
}
