import { errorCode } from "../core/errors.ts";

/** Thrown when a database cannot be used. The message is one sentence that says what to do. */
export class DatabaseUnusableError extends Error {}

/** What SQLite's error codes mean to the user. */
export function describeSqliteError(error: unknown, path: string): string | undefined {
  const code = sqliteErrorCode(error);
  if (code === undefined) return undefined;
  if (code.startsWith("SQLITE_FULL"))
    return `The disk is full: ${path} could not be written. Free some space and start again.`;
  if (code.startsWith("SQLITE_READONLY"))
    return `${path} is read-only. Make it and its folder writable, or choose another with --db.`;
  if (code.startsWith("SQLITE_CANTOPEN"))
    return `${path} cannot be opened. Check that the folder exists and is writable, or choose another with --db.`;
  if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) {
    return `${path} is not an intact SQLite database. It was left as it is; move it away or choose another with --db.`;
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return `${path} is in use by another process. Stop that process, or choose another file with --db.`;
  }
  if (code.startsWith("SQLITE_IOERR")) return `${path} could not be read or written (${code}). Check the disk.`;
  return undefined;
}

/**
 * Whether a write was refused because nothing can be stored any more (`Database.refuseWrites`). Clients get 503 then:
 * their request was in order.
 */
export function isWriteRefused(error: unknown): boolean {
  return sqliteErrorCode(error)?.startsWith("SQLITE_READONLY") === true;
}

/** The message of the answer to a client whose write was refused for that. */
export const WRITE_REFUSED =
  "The database file was deleted, replaced or made read-only: nothing can be stored. The server's console says more.";

/** Whether a write failed because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return sqliteErrorCode(error)?.startsWith("SQLITE_FULL") === true;
}

/** SQLite's own code (`SQLITE_FULL`, ...) when `error` came from it. */
export function sqliteErrorCode(error: unknown): string | undefined {
  const code = errorCode(error);
  return code?.startsWith("SQLITE_") === true ? code : undefined;
}
