import { statSync } from "node:fs";
import type { Database as Connection } from "better-sqlite3";
import { isRunning } from "../core/running-process.ts";
import { connect } from "./driver.ts";
import { DatabaseUnusableError, sqliteErrorCode } from "./errors.ts";

/*
 * An open connection in WAL mode holds SQLite's shared lock on the file itself, whatever its name is and whatever
 * happens to the files beside it. Another connection notices it: it gets no exclusive lock. Shells and viewers
 * are such connections, too, and may stay; a row in the file says whether a server is among them.
 */

/** The server that has a database file. */
export interface Holder {
  pid: number;
  /** ISO 8601. */
  held_since: string;
}

/** How a second server is refused. */
export function inUse(path: string, holder: Holder | undefined): DatabaseUnusableError {
  const name =
    holder === undefined ? "another process" : `another opik-local (process ${holder.pid}, since ${holder.held_since})`;
  return new DatabaseUnusableError(`${path} is in use by ${name}. Stop that one, or choose another file with --db.`);
}

/**
 * Refuses a file that has several names (hard links) and is in use under any of them. SQLite keeps a log for each
 * name: a reader would miss what is in the log of the other name, and a writer would destroy the file.
 * @throws DatabaseUnusableError
 */
export function refuseInUseByOtherName(path: string): void {
  if (statSync(path).nlink < 2) return;
  const sqlite = connect(path, { timeout: 0 });
  try {
    // Set before the first access: SQLite takes the exclusive lock before it looks for a log.
    sqlite.pragma("locking_mode = EXCLUSIVE");
    sqlite.pragma("user_version");
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw inUse(path, readHolderOf(path));
  } finally {
    sqlite.close();
  }
}

/**
 * Finds out whether other connections have the file open, in this process or in others.
 * @param sqlite an open connection in WAL mode; from now on it keeps its shared lock until it is closed
 */
export function isOpenElsewhere(sqlite: Connection): boolean {
  // SQLite lets a connection leave the exclusive mode only if it entered the WAL mode before.
  sqlite.pragma("user_version");
  sqlite.pragma("locking_mode = EXCLUSIVE");
  try {
    sqlite.exec("BEGIN IMMEDIATE; COMMIT");
    return false;
  } catch (error) {
    if (!isBusy(error)) throw error;
    return true;
  } finally {
    sqlite.pragma("locking_mode = NORMAL");
    // The end of a transaction puts the mode into effect.
    sqlite.exec("BEGIN; SELECT 1 FROM sqlite_master; COMMIT");
  }
}

/** @throws DatabaseUnusableError when the file names a server that still runs */
export function refuseHolder(path: string, sqlite: Connection): void {
  const holder = readHolder(sqlite);
  if (holder !== undefined && isRunning(holder.pid)) throw inUse(path, holder);
}

/** Writes into the file that this process has it, so that it can be read under each of its names. */
export function writeHolder(sqlite: Connection, since: Date): void {
  sqlite.prepare("DELETE FROM database_settings").run();
  sqlite.prepare("INSERT INTO database_settings VALUES (?, ?)").run(process.pid, since.toISOString());
}

/** Removes what `writeHolder` wrote. A full disk does not matter: only the number of a living process counts. */
export function removeHolder(sqlite: Connection): void {
  try {
    sqlite.prepare("DELETE FROM database_settings").run();
  } catch (error) {
    if (sqliteErrorCode(error) === undefined) throw error;
  }
}

/** The server that has the file, or had it when it was killed. Not found in the files of earlier versions. */
export function readHolder(sqlite: Connection): Holder | undefined {
  const hasTable = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'database_settings'").get() !== undefined;
  if (!hasTable) return undefined;
  return sqlite.prepare<[], Holder>("SELECT holder_pid AS pid, held_since FROM database_settings").get();
}

/** Reads a file that is being written under another name, as far as that is possible. */
function readHolderOf(path: string): Holder | undefined {
  const sqlite = connect(path, { readonly: true, timeout: 0 });
  try {
    return readHolder(sqlite);
  } catch {
    return undefined;
  } finally {
    sqlite.close();
  }
}

function isBusy(error: unknown): boolean {
  return sqliteErrorCode(error)?.startsWith("SQLITE_BUSY") === true;
}
