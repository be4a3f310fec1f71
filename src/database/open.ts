import { lstatSync, readlinkSync, statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import type { Database as Connection } from "better-sqlite3";
import { errorCode } from "../core/errors.ts";
import type { EventBus } from "../core/events.ts";
import { describeFileFailure } from "../core/file-failure.ts";
import { Database } from "./database.ts";
import { connect } from "./driver.ts";
import { makeDatabaseFile } from "./empty-image.ts";
import { DatabaseUnusableError, describeSqliteError } from "./errors.ts";
import { isOpenElsewhere, refuseHolder, refuseInUseByOtherName, removeHolder, writeHolder } from "./holder.ts";
import { closeInMemory, openInMemory } from "./in-memory.ts";
import { type DatabaseLock, lockDatabaseFile, lockPath } from "./lock.ts";
import { type Migration, migrate, readMigrations } from "./migrate.ts";
import { makePrivate, NewFiles } from "./new-files.ts";
import { refuseOtherThanFile, refuseForeign, refuseReadOnly, undoInterruptedMaking } from "./refuse.ts";

/** Where the data is and how hard it is written. */
export interface DatabaseOptions {
  /** A file, made when it is missing together with its folder, or `:memory:`. */
  path: string;
  /** `normal` survives a crash of the process; `full` also a power cut, at many times the cost. */
  durability: "normal" | "full";
  events: EventBus<object>;
  /** The current time, for the message to a second server. */
  now: Date;
}

const IN_MEMORY = ":memory:";

/**
 * Opens the database, locks the file for this process and migrates its schema. A file that cannot be used stays
 * unchanged, and nothing new is left beside it.
 * @throws DatabaseUnusableError with one sentence that says what to do
 */
export function openDatabase(options: DatabaseOptions): Database {
  if (options.path === IN_MEMORY) {
    return openMemory(options);
  }
  try {
    return openFile(options, readMigrations());
  } catch (error) {
    throw toUnusable(error, options.path);
  }
}

function openMemory({ events }: DatabaseOptions): Database {
  const connection = openInMemory();
  const { sqlite, statements, isUsed } = connection;
  const database = new Database(sqlite, events, () => closeInMemory(connection), { statements });
  if (isUsed) database.clear();
  return database;
}

function openFile(options: DatabaseOptions, migrations: readonly Migration[]): Database {
  refuseOtherThanFile(options.path);
  const path = behindLinks(options.path);
  const sideFiles = [`${path}-wal`, `${path}-shm`, `${path}-journal`];
  const newFiles = new NewFiles();
  let lock: DatabaseLock | undefined;
  let mustBeChecked = false;
  let sqlite: Connection | undefined;
  try {
    newFiles.makeFolder(dirname(path));
    refuseReadOnly(path, [...sideFiles, lockPath(path)]);
    newFiles.makeFile(lockPath(path));
    lock = takeLock(path, options.now);
    const isNew = makeDatabaseFile(path, sideFiles, newFiles);
    for (const file of sideFiles) newFiles.expectFile(file);
    refuseInUseByOtherName(path);
    undoInterruptedMaking(path);
    const state = !isNew && statSync(path).size > 0 ? refuseForeign(path, migrations) : undefined;
    mustBeChecked = state !== undefined && !state.isClosed && !state.isChecked;
    // Before SQLite makes the log: it gets the rights of the database.
    for (const file of [path, ...sideFiles, lockPath(path)]) makePrivate(file);
    sqlite = connect(path, { timeout: 0 });
    setPragmas(sqlite, options);
    takeFile(path, sqlite, migrations, options.now);
  } catch (error) {
    sqlite?.close();
    // While the lock is held: a moment later the files may be another server's.
    newFiles.remove();
    lock?.free();
    throw error;
  }
  const paths = [path, `${path}-wal`];
  return new Database(sqlite, options.events, closeBoth(sqlite, lock), { paths, mustBeChecked });
}

/**
 * Takes the file itself, whose lock may have been removed: brings its schema up to date unless another server has it.
 * @throws DatabaseUnusableError when another server has it
 */
function takeFile(path: string, sqlite: Connection, migrations: readonly Migration[], now: Date): void {
  const mayBeHeld = isOpenElsewhere(sqlite);
  if (mayBeHeld) refuseHolder(path, sqlite);
  migrate(sqlite, migrations);
  const takeAlone = sqlite.transaction(() => {
    // Another server may have started in the same moment.
    if (mayBeHeld) refuseHolder(path, sqlite);
    writeHolder(sqlite, now);
  });
  takeAlone.immediate();
  // Servers that know the file by another name (a hard link) do not see its log.
  sqlite.pragma("wal_checkpoint(PASSIVE)");
}

/** The lock file's own defects are not the database's, which would be moved away in vain. */
function takeLock(path: string, now: Date): DatabaseLock {
  try {
    return lockDatabaseFile(path, now);
  } catch (error) {
    throw toUnusable(error, lockPath(path));
  }
}

/**
 * Resolves a symbolic link, also to a file that does not exist yet: SQLite keeps its log beside the target, and so must
 * the lock be, or two servers could open the file by two names.
 */
function behindLinks(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const target = readlinkSync(path);
  // Joined without normalization: the meaning of `..` depends on the folders before it, which may be links, too.
  return behindLinks(isAbsolute(target) ? target : `${dirname(path)}/${target}`);
}

function setPragmas(sqlite: Connection, options: DatabaseOptions): void {
  sqlite.pragma("journal_mode = WAL");
  sqlite.pragma(`synchronous = ${options.durability === "full" ? "FULL" : "NORMAL"}`);
  sqlite.pragma("foreign_keys = ON");
  // A deletion with all that belongs to it changes so many pages that SQLite writes a file, in order to undo it.
  sqlite.pragma("temp_store = MEMORY");
  // Checkpoints block the event loop, so they run while the database is idle (idle-checkpoint.ts) or in another thread
  // (busy-checkpoints.ts). This is the fallback, counted in all pages of the log, also those that are moved already.
  sqlite.pragma("wal_autocheckpoint = 100000");
}

function closeBoth(sqlite: Connection, lock: DatabaseLock): () => void {
  return () => {
    if (!sqlite.open) return;
    removeHolder(sqlite);
    sqlite.close();
    lock.free();
  };
}

function toUnusable(error: unknown, path: string): Error {
  if (error instanceof DatabaseUnusableError) return error;
  const sentence = describeSqliteError(error, path) ?? describeFileError(error, path);
  return sentence === undefined ? (error as Error) : new DatabaseUnusableError(sentence, { cause: error });
}

function describeFileError(error: unknown, path: string): string | undefined {
  if (errorCode(error) === undefined) return undefined;
  return `${path} cannot be opened: ${describeFileFailure(error, path)}. Choose another file with --db.`;
}
