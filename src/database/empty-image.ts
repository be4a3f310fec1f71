import { existsSync, renameSync, rmSync } from "node:fs";
import { connect } from "./driver.ts";
import { migrate, MIGRATIONS, readMigrations } from "./migrate.ts";
import type { NewFiles } from "./new-files.ts";

/** The name of the image beside the migrations of a built package (`build/empty-image.ts`). */
export const EMPTY_IMAGE = "empty.db";

/** Where the header of a database says how it is written and read; 2 is a write-ahead log (sqlite.org/fileformat2.html, 1.3). */
const FORMAT_VERSIONS = [18, 19];
const WRITE_AHEAD_LOG = 2;

/**
 * An empty database with the newest schema, as bytes. A new database is a copy of it, because the migrations take longer
 * than the rest of a start. The package has it as a file; the sources make it by the migrations. It must not be changed.
 */
export function readEmptyImage(): Buffer {
  return MIGRATIONS.names().includes(EMPTY_IMAGE) ? MIGRATIONS.bytes(EMPTY_IMAGE) : makeEmptyImage();
}

/** Makes the image by the migrations. */
export function makeEmptyImage(): Buffer {
  const sqlite = connect(":memory:");
  try {
    migrate(sqlite, readMigrations());
    return sqlite.serialize();
  } finally {
    sqlite.close();
  }
}

/**
 * Creates a database file, if it is missing. A start that is killed leaves it empty or complete: the content appears at
 * once. Beside the log of a file that was deleted it is left empty: SQLite removes such a log only then, and would
 * otherwise take it for this file's.
 * @param sideFiles where SQLite's logs of the file would be
 * @returns whether it has the content now
 * @throws Error of the file system
 */
export function makeDatabaseFile(path: string, sideFiles: readonly string[], newFiles: NewFiles): boolean {
  if (!newFiles.makeFile(path) || sideFiles.some((file) => existsSync(file))) return false;
  // A copy: in the single executable the image is in memory that cannot be written.
  const image = Buffer.from(readEmptyImage());
  for (const offset of FORMAT_VERSIONS) image.writeUInt8(WRITE_AHEAD_LOG, offset);
  const unfinished = `${path}-new`;
  rmSync(unfinished, { force: true });
  newFiles.makeFile(unfinished, image);
  renameSync(unfinished, path);
  return true;
}
