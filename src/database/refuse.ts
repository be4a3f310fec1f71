import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Database as Connection } from "better-sqlite3";
import { isWritable } from "../core/writable.ts";
import { connect } from "./driver.ts";
import { DatabaseUnusableError } from "./errors.ts";
import { readHolder } from "./holder.ts";
import type { Migration } from "./migrate.ts";

/** SQLite would call a folder, a pipe or a device a damaged disk. @throws DatabaseUnusableError */
export function refuseOtherThanFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return;
  throw new DatabaseUnusableError(
    stats.isDirectory()
      ? `${path} is a folder. Name a file with --db, such as ${join(path, "opik-local.db")}.`
      : `${path} is not an ordinary file, but a pipe or device. Name another with --db, or keep nothing with --db :memory:.`,
  );
}

/**
 * SQLite opens a read-only file without an error, and each request would fail later.
 * @param sideFiles files beside it, if they exist
 * @throws DatabaseUnusableError naming everything that would have to be written
 */
export function refuseReadOnly(path: string, sideFiles: readonly string[]): void {
  const folder = dirname(path);
  const files = [path, ...sideFiles].filter((file) => existsSync(file) && !isWritable(file));
  const readOnly = [...files, ...(isWritable(folder) ? [] : [`the folder ${folder}`])];
  if (readOnly.length === 0) return;
  throw new DatabaseUnusableError(
    `${path} cannot be used: no right to write ${readOnly.join(" and ")}. Change the permissions, or choose another file with --db.`,
  );
}

/** The first bytes of a rollback journal that SQLite has not finished with (sqlite.org/fileformat2.html, 3). */
const JOURNAL_MAGIC = "d9d505f920a163d7";
/** Where a journal says how many pages the file had before the change; four bytes. */
const ORIGINAL_SIZE_OFFSET = 16;

/**
 * Deals with the journal of a change that was interrupted. A new file that a start was making becomes empty again.
 * Our own later changes have no such journal, they are written ahead.
 * @throws DatabaseUnusableError for an interrupted change of a file that had content: SQLite would have to change it
 *   before anything can be known about it
 */
export function undoInterruptedMaking(path: string): void {
  const header = readJournalHeader(`${path}-journal`);
  // SQLite overwrites the header with zeros when it has finished.
  if (header === undefined || header[0] === 0) return;
  const wasNew = header.toString("hex", 0, 8) === JOURNAL_MAGIC && header.readUInt32BE(ORIGINAL_SIZE_OFFSET) === 0;
  if (!wasNew) {
    throw new DatabaseUnusableError(
      `${path} has an unfinished change of another program (${path}-journal). It was left as it is; end that program, open and close the file once with the sqlite3 shell, which undoes the change, or choose another file with --db.`,
    );
  }
  const sqlite = connect(path, { timeout: 0 });
  try {
    sqlite.pragma("user_version");
  } finally {
    sqlite.close();
  }
}

function readJournalHeader(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const header = Buffer.alloc(ORIGINAL_SIZE_OFFSET + 4);
  const file = openSync(path, "r");
  try {
    return readSync(file, header) === 0 ? undefined : header;
  } finally {
    closeSync(file);
  }
}

/** What is known of a file before it is opened. */
export interface FileState {
  /** The server that had it last has closed it. */
  isClosed: boolean;
  /** All of its pages were read and are intact. */
  isChecked: boolean;
}

/** A file of this size is checked as a whole in a few milliseconds. */
const SMALL_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Checks an existing file without changing it: a small one as a whole; of a large one the header, the schema and
 * the first row of each table, because reading all of it can take a minute.
 * @throws DatabaseUnusableError for a file that is damaged, of another program or of a newer version
 */
export function refuseForeign(path: string, migrations: readonly Migration[]): FileState {
  const hadLog = existsSync(`${path}-wal`);
  // The last connection that closes a file removes its log.
  const hasUnwritten = hadLog && statSync(`${path}-wal`).size > 0;
  const isChecked = statSync(path).size <= SMALL_FILE_BYTES;
  const sqlite = connect(path, { readonly: true, timeout: 0 });
  try {
    refuseOtherPrograms(path, sqlite, migrations);
    if (isChecked) refuseDamage(path, sqlite);
    else readSome(sqlite);
    return { isClosed: !hasUnwritten && readHolder(sqlite) === undefined, isChecked };
  } catch (error) {
    sqlite.close();
    if (!hadLog) removeLog(path);
    throw error;
  } finally {
    sqlite.close();
  }
}

function refuseOtherPrograms(path: string, sqlite: Connection, migrations: readonly Migration[]): void {
  const version = sqlite.pragma("user_version", { simple: true }) as number;
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest) {
    throw new DatabaseUnusableError(
      `${path} was written by a newer opik-local (schema ${version}, this one knows ${newest}). It was left as it is; update opik-local, or choose another file with --db.`,
    );
  }
  if (version === 0 && sqlite.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() !== undefined) {
    throw new DatabaseUnusableError(`${path} is a database of another program. Choose another file with --db.`);
  }
}

/** Reads the whole file. @throws DatabaseUnusableError for a file that is damaged */
function refuseDamage(path: string, sqlite: Connection): void {
  const verdict = sqlite.pragma("quick_check(1)", { simple: true });
  if (verdict === "ok") return;
  throw new DatabaseUnusableError(
    `${path} is damaged (${String(verdict)}). It was left as it is; move it away or choose another file with --db.`,
  );
}

/** Reads the schema and one row of each table. @throws SqliteError for a page that is damaged, or a file that is cut off */
function readSome(sqlite: Connection): void {
  const tables = sqlite.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck();
  for (const table of tables.all()) sqlite.prepare(`SELECT * FROM "${table}" LIMIT 1`).get();
}

/**
 * A connection that only reads leaves an empty write-ahead log beside the file. One that may write takes it along
 * when it closes, unless another program has come to need it.
 */
function removeLog(path: string): void {
  const sqlite = connect(path, { timeout: 0 });
  try {
    sqlite.pragma("user_version");
  } catch {
    // Not a database: there is no log either.
  }
  sqlite.close();
}
