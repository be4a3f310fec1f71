import type { Database as Connection, Statement as Prepared } from "better-sqlite3";

interface Lent {
  sql: string;
  prepared: Prepared;
  forget: () => void;
}

/** A database with more statements than that has made some for requests of unusual forms, and keeps none. */
const MAX_KEPT = 600;

/**
 * The prepared statements of a connection. Each is lent to one `Statement`. When the database closes, a connection that is
 * kept for the next one takes them back: preparing them anew takes a third of the time of a test with a server of its own.
 */
export class PreparedStatements {
  readonly #sqlite: Connection;
  readonly #free = new Map<string, Prepared[]>();
  /** `undefined` when they are not taken back. */
  #lent: Lent[] | undefined;

  /** @param isKept whether they are taken back */
  constructor(sqlite: Connection, isKept: boolean) {
    this.#sqlite = sqlite;
    if (isKept) this.#lent = [];
  }

  /** @param forget called when the statement is taken back and must not be used any more */
  lend<Parameters extends unknown[], Row>(sql: string, forget: () => void): Prepared<Parameters, Row> {
    const prepared = this.#free.get(sql)?.pop() ?? this.#sqlite.prepare(sql);
    if (this.#lent?.push({ sql, prepared, forget }) === MAX_KEPT) this.#lent = undefined;
    return prepared as Prepared<Parameters, Row>;
  }

  /**
   * Takes all statements back.
   * @returns whether that was possible: `false` when there were too many
   */
  takeBack(): boolean {
    if (this.#lent === undefined) return false;
    for (const { sql, prepared, forget } of this.#lent) {
      forget();
      if (prepared.reader) prepared.pluck(false);
      const free = this.#free.get(sql);
      if (free === undefined) this.#free.set(sql, [prepared]);
      else free.push(prepared);
    }
    this.#lent = [];
    return true;
  }
}
