import type { Database as SqliteConnection } from "better-sqlite3";
import type { EventBus } from "../core/events.ts";
import { copyImage, toImage } from "./image.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { RowDeletions } from "./row-deletions.ts";
import { RowMemory } from "./row-memory.ts";
import { openSnapshot } from "./snapshot.ts";
import { Statement } from "./statement.ts";

/** The events of a transaction: queued until the commit, dropped by a rollback. */
type HeldEvents = Pick<EventBus<object>, "hold" | "release" | "discard">;

/** The state of the write-ahead log as SQLite reports it, in pages; -1 twice when there is none. */
export interface WalState {
  log: number;
  checkpointed: number;
}

/** The statements around work that is kept as a whole or undone. */
interface Bracket {
  begin: Statement<[], unknown>;
  keep: Statement<[], unknown>;
  undo: string;
}

/** The end of the names of tables whose values belong to the file. */
const SETTINGS = "_settings";

/** The one connection to the one file, and its transactions. */
export class Database {
  readonly #connection: SqliteConnection;
  readonly #statements: PreparedStatements;
  readonly #events: HeldEvents;
  readonly #close: () => void;
  readonly #walState: Statement<[], WalState>;
  readonly #transaction: Bracket;
  /** Of several that are open, the name means the innermost. */
  readonly #savepoint: Bracket;
  /** Whether a transaction is open. SQLite itself knows it, too, but a call of it takes longer than most statements. */
  #isOpen = false;
  #isClosed = false;
  readonly #snapshots = new Set<Database>();
  readonly #commitListeners: Array<() => void> = [];
  /** Whether deletions of old rows wait, so that the write-ahead log can begin anew (see `BusyCheckpoints`). */
  deletionsWait = false;
  readonly #memories = new Map<string, RowMemory<object>>();
  readonly #deletions = new RowDeletions(this);
  /** The file and its log; none for a database in memory. */
  readonly paths: readonly string[];
  /** Whether the file is large and was not closed well, so that its pages are to be read (`page-check.ts`). */
  readonly mustBeChecked: boolean;

  constructor(
    sqlite: SqliteConnection,
    events: HeldEvents,
    close: () => void,
    {
      paths = [],
      mustBeChecked = false,
      statements = new PreparedStatements(sqlite, false),
    }: { paths?: readonly string[]; mustBeChecked?: boolean; statements?: PreparedStatements } = {},
  ) {
    this.paths = paths;
    this.mustBeChecked = mustBeChecked;
    this.#connection = sqlite;
    this.#statements = statements;
    this.#events = events;
    this.#close = close;
    this.#walState = this.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#transaction = {
      begin: this.prepare("BEGIN IMMEDIATE"),
      keep: this.prepare("COMMIT"),
      undo: "ROLLBACK",
    };
    this.#savepoint = {
      begin: this.prepare("SAVEPOINT attempt"),
      keep: this.prepare("RELEASE attempt"),
      undo: "ROLLBACK TO attempt; RELEASE attempt",
    };
  }

  /**
   * Creates a statement, which stores do once, when they are made. It is prepared at its first use.
   *
   * SQLite's planner reads the values of parameters (3.54.1), and therefore prepares a statement with `ORDER BY`,
   * `LIMIT`, `DISTINCT` or `GROUP BY` again on each call: 5 to 300 microseconds where the call itself takes 1 to 5. It
   * does not read a parameter after a unary plus, which changes neither its value nor the index that is used: such
   * statements say `job_id = +?` and `LIMIT +:limit` (`test/database/plans.test.ts`).
   */
  prepare<Parameters extends unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> {
    return new Statement((forget) => {
      this.#requireOpen();
      return this.#statements.lend<Parameters, Row>(sql, forget);
    });
  }

  /**
   * Runs `work` in a transaction: all of it is committed or, when it throws, nothing. Events emitted
   * inside are delivered after the commit. Inside another transaction it becomes part of that one.
   */
  transaction<Result>(work: () => Result): Result {
    return this.#isOpen ? work() : this.#allOrNothing(this.#transaction, work);
  }

  /**
   * Checks that a transaction is open: for methods whose writes are only right together with those of their caller.
   * @throws Error
   */
  requireTransaction(): void {
    if (!this.#isOpen) throw new Error("this needs an open transaction");
  }

  /**
   * Runs `work` in a savepoint of the open transaction: when it throws, its rows and events are undone, and a caller
   * that catches the error can continue the transaction. Outside of a transaction it is one itself. A savepoint costs 4
   * microseconds, so nested transactions do not use one by default.
   */
  attempt<Result>(work: () => Result): Result {
    return this.#allOrNothing(this.#isOpen ? this.#savepoint : this.#transaction, work);
  }

  /** Calls `listener` after each transaction, before its events are delivered; listeners are called in their order. */
  onCommit(listener: () => void): void {
    this.#commitListeners.push(listener);
  }

  /** Rows kept in memory under a name. Every caller with the name gets the same ones, and must use the same type of row. */
  memory<Row extends object>(name: string): RowMemory<Row> {
    const memory = this.#memories.get(name) ?? new RowMemory<object>();
    this.#memories.set(name, memory);
    return memory as RowMemory<Row>;
  }

  /** Deletes every row of a workspace, with the rows that belong to those. Executor runs have no workspace. */
  wipeWorkspace(workspace: string): void {
    this.#changeManyRows(() => this.#deletions.deleteWorkspace(workspace));
  }

  /**
   * Deletes all rows, in one transaction, and counts from 1 again. Tables named `*_settings` are kept: their
   * values belong to the file.
   * @param kept more tables to keep
   */
  wipe(kept: readonly string[] = []): void {
    this.#deleteRows((table) => !table.endsWith(SETTINGS) && !kept.includes(table));
  }

  /** Deletes all rows, so that the database is like a new one. */
  clear(): void {
    this.#deleteRows(() => true);
  }

  /** All rows as bytes, for `restore`. */
  image(): Buffer {
    return toImage(this.#sqlite);
  }

  /**
   * Replaces all rows by those of an image of this version, in one transaction. As with `wipe`, tables named `*_settings`
   * are kept.
   */
  restore(image: Buffer): void {
    this.transaction(() => {
      this.wipe();
      const tables = this.#deletions.tables().filter((table) => !table.endsWith(SETTINGS));
      copyImage(this.#sqlite, image, tables);
    });
  }

  /** How many pages of the write-ahead log are not in the file yet; 0 for a database in memory. */
  walPages(): number {
    const { log, checkpointed } = this.walState();
    return log - checkpointed;
  }

  /** How many pages the write-ahead log has, and how many of them are in the file. */
  walState(): WalState {
    return this.#walState.get() ?? { log: 0, checkpointed: 0 };
  }

  /** Checkpoints the write-ahead log as far as no reader needs it; `idle-checkpoint.ts` decides when. */
  checkpoint(): void {
    this.#sqlite.pragma("wal_checkpoint(PASSIVE)");
  }

  /** Refuses every write from now on, with an error of the code `SQLITE_READONLY`; reads go on. */
  refuseWrites(): void {
    this.#sqlite.pragma("query_only = ON");
  }

  /**
   * The database as it is now, to be read only. Call it outside of a transaction, and close it in the end: what is
   * written meanwhile cannot be moved from the log into the file.
   */
  snapshot(): Database {
    const sqlite = openSnapshot(this.#sqlite);
    const snapshot = new Database(sqlite, this.#events, () => {
      this.#snapshots.delete(snapshot);
      sqlite.close();
    });
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  /** Closes the file and its snapshots, and releases its lock. Safe to call twice. */
  close(): void {
    for (const snapshot of this.#snapshots) snapshot.close();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#close();
  }

  /** The connection, which may serve another database when this one is closed. */
  get #sqlite(): SqliteConnection {
    this.#requireOpen();
    return this.#connection;
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new TypeError("The database connection is not open");
  }

  #dropMemories(): void {
    for (const memory of this.#memories.values()) memory.dropAll();
  }

  #deleteRows(isDeleted: (table: string) => boolean): void {
    this.#changeManyRows(() => this.#deletions.deleteAll(isDeleted));
  }

  /**
   * Runs a transaction that changes any number of rows, of which none is in memory afterwards. What its statements need
   * to undo their work is kept in a file: that of a large database would not fit into memory, where it is kept otherwise
   * (`open.ts`).
   */
  #changeManyRows(work: () => void): void {
    const isFile = this.paths.length > 0 && !this.#isOpen;
    if (isFile) this.#sqlite.pragma("temp_store = DEFAULT");
    try {
      this.transaction(() => {
        this.#dropMemories();
        work();
      });
    } finally {
      if (isFile) this.#sqlite.pragma("temp_store = MEMORY");
    }
  }

  #allOrNothing<Result>({ begin, keep, undo }: Bracket, work: () => Result): Result {
    const wasOpen = this.#isOpen;
    begin.run();
    this.#isOpen = true;
    this.#events.hold();
    let result: Result;
    try {
      result = work();
      keep.run();
    } catch (error) {
      // On a full disk SQLite itself may have undone the whole transaction.
      if (this.#sqlite.inTransaction) this.#sqlite.exec(undo);
      this.#isOpen = this.#sqlite.inTransaction;
      this.#dropMemories();
      this.#events.discard();
      throw error;
    }
    this.#isOpen = wasOpen;
    if (!wasOpen) for (const listener of this.#commitListeners) listener();
    this.#events.release();
    return result;
  }
}
