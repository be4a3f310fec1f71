import type { RunResult, Statement as Prepared } from "better-sqlite3";

/**
 * A statement that is prepared when it is first used: a server has hundreds, of which a test or a short-lived
 * process uses few, and preparing all of them would take as long as everything else at its start.
 */
export class Statement<Parameters extends unknown[], Row> {
  readonly #prepare: (forget: () => void) => Prepared<Parameters, Row>;
  #prepared: Prepared<Parameters, Row> | undefined;

  /** @param prepare receives a function that makes the statement forget what it has prepared */
  constructor(prepare: (forget: () => void) => Prepared<Parameters, Row>) {
    this.#prepare = prepare;
  }

  /** Executes a statement that returns no rows. */
  run(...parameters: Parameters): RunResult {
    return this.#ready().run(...parameters);
  }

  /** The first row. */
  get(...parameters: Parameters): Row | undefined {
    return this.#ready().get(...parameters);
  }

  /** All rows. */
  all(...parameters: Parameters): Row[] {
    return this.#ready().all(...parameters);
  }

  /** The rows one by one; nothing else may use the connection until the last was read. */
  iterate(...parameters: Parameters): IterableIterator<Row> {
    return this.#ready().iterate(...parameters);
  }

  /** The same, with the first column in the place of each row. */
  pluck(): Statement<Parameters, Row> {
    return new Statement((forget) => this.#prepare(forget).pluck());
  }

  #ready(): Prepared<Parameters, Row> {
    return (this.#prepared ??= this.#prepare(() => {
      this.#prepared = undefined;
    }));
  }
}
