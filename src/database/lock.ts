import { existsSync } from "node:fs";
import type { Database as Connection } from "better-sqlite3";
import { connect } from "./driver.ts";
import { sqliteErrorCode } from "./errors.ts";
import { type Holder, inUse } from "./holder.ts";

/** A database file that this process alone may use. */
export interface DatabaseLock {
  /** Releases the lock. */
  free(): void;
}

/** Where the lock of a database file is. */
export function lockPath(path: string): string {
  return `${path}.lock`;
}

/**
 * Ensures that only one server uses a database file. The lock is SQLite's own on a small file beside the database: the
 * operating system releases it when the process ends, in whatever way, and the file stays readable, so that a second
 * server can name the process that holds it.
 * @param path the database file
 * @param since written into the message for the second server
 * @throws DatabaseUnusableError when another process holds it
 */
export function lockDatabaseFile(path: string, since: Date): DatabaseLock {
  const lock = connect(lockPath(path), { timeout: 0 });
  try {
    // Its content matters no longer than this process lives, so nothing has to survive a power cut.
    lock.pragma("synchronous = OFF");
    lock.exec("BEGIN IMMEDIATE");
    lock.exec("CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, held_since TEXT NOT NULL) STRICT");
    lock.exec("DELETE FROM holder");
    lock.prepare("INSERT INTO holder VALUES (?, ?)").run(process.pid, since.toISOString());
    lock.exec("COMMIT; BEGIN IMMEDIATE");
  } catch (error) {
    const holder = sqliteErrorCode(error)?.startsWith("SQLITE_BUSY") ? readHolder(lock) : undefined;
    lock.close();
    if (holder === undefined) throw error;
    throw inUse(path, holder);
  }
  return { free: () => lock.close() };
}

/**
 * Finds the process that uses a database file now.
 * @param path the database file
 * @returns `undefined` when no process uses it
 */
export function findHolder(path: string): Holder | undefined {
  if (!existsSync(lockPath(path))) return undefined;
  const lock = connect(lockPath(path), { timeout: 0 });
  try {
    lock.exec("BEGIN IMMEDIATE; ROLLBACK");
    return undefined;
  } catch (error) {
    return sqliteErrorCode(error)?.startsWith("SQLITE_BUSY") ? readHolder(lock) : undefined;
  } finally {
    lock.close();
  }
}

function readHolder(lock: Connection): Holder | undefined {
  return lock.prepare<[], Holder>("SELECT pid, held_since FROM holder").get();
}
