import SqliteConnection from "better-sqlite3";
import type { Database as Connection } from "better-sqlite3";
import { DatabaseUnusableError, sqliteErrorCode } from "./errors.ts";

interface Holder {
  pid: number;
  held_since: string;
}

/** A database file that this process alone may use. */
export interface DatabaseLock {
  /** Gives the file free. */
  free(): void;
}

/** Where the lock of a database file is. */
export function lockPath(path: string): string {
  return `${path}.lock`;
}

/**
 * Makes sure that a database file has one server. The lock is SQLite's own on a small file beside the
 * database: the operating system frees it when the process ends, however it ends, and the file can still
 * be read, so that a second server can say who holds it.
 * @param path the database file
 * @param since written into the message for the second server
 * @throws DatabaseUnusableError when another process holds it
 */
export function lockDatabaseFile(path: string, since: Date): DatabaseLock {
  const lock = new SqliteConnection(lockPath(path), { timeout: 0 });
  try {
    lock.exec("CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, held_since TEXT NOT NULL) STRICT");
    lock.exec("BEGIN IMMEDIATE; DELETE FROM holder");
    lock.prepare("INSERT INTO holder VALUES (?, ?)").run(process.pid, since.toISOString());
    lock.exec("COMMIT; BEGIN IMMEDIATE");
  } catch (error) {
    const holder = sqliteErrorCode(error)?.startsWith("SQLITE_BUSY") ? readHolder(lock) : undefined;
    lock.close();
    if (holder === undefined) throw error;
    throw new DatabaseUnusableError(
      `${path} is in use by another opik-local (process ${holder.pid}, since ${holder.held_since}). Stop that one, or choose another file with --db.`,
    );
  }
  return { free: () => lock.close() };
}

function readHolder(lock: Connection): Holder | undefined {
  return lock.prepare<[], Holder>("SELECT pid, held_since FROM holder").get();
}
