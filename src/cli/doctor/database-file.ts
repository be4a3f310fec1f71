import { closeSync, existsSync, openSync, readSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isWritable } from "../../core/writable.ts";
import { readMigrations } from "../../database/migrate.ts";
import { type Check, note, ok, problem } from "./check.ts";

const NAME = "database";

/** With less, a day of work may fill the disk. */
const SCARCE_BYTES = 200 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/** What a database file begins with, and where it has the version of its schema (sqlite.org/fileformat2.html, 1.3). */
const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";
const USER_VERSION_OFFSET = 60;

/**
 * Whether `dev` could use its database file. Nothing is written, and a file in use is not opened.
 * @param path from the root, or `:memory:`
 */
export async function checkDatabase(path: string): Promise<Check> {
  if (path === ":memory:") return ok(NAME, "in memory: nothing is kept");
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return problem(NAME, `${path} is a folder`, "Name a file with --db.");
  const folder = firstExisting(dirname(path));
  const readOnly = [path, folder].find((place) => existsSync(place) && !isWritable(place));
  if (readOnly !== undefined)
    return problem(
      NAME,
      `${readOnly} cannot be written to`,
      "Change its permissions, or choose another file with --db.",
    );
  const schema = stats === undefined ? "does not exist yet, `dev` makes it" : readSchema(path);
  if (typeof schema !== "string") return schema;
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${path} ${schema}${await describeHolder(path)}, ${Math.floor(free / MEGABYTE)} MB of the disk are free`;
  return free < SCARCE_BYTES ? note(NAME, found, "Free some space: a full disk stops all writing.") : ok(NAME, found);
}

/** @returns how the schema is, or why the file cannot be used */
function readSchema(path: string): string | Check {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, "r");
  try {
    if (readSync(file, header) === 0) return "is empty";
  } finally {
    closeSync(file);
  }
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC)
    return problem(NAME, `${path} is no SQLite database`, "Move it away, or choose another file with --db.");
  const version = header.readUInt32BE(USER_VERSION_OFFSET);
  const newest = readMigrations().at(-1)?.version ?? 0;
  if (version > newest)
    return problem(
      NAME,
      `${path} has schema ${version} of a newer opik-local; this one knows ${newest}`,
      "Update opik-local, or choose another file with --db.",
    );
  if (version === 0) return problem(NAME, `${path} is of another program`, "Choose another file with --db.");
  return version === newest
    ? `has schema ${version}, the newest`
    : `has schema ${version}, which \`dev\` updates to ${newest}`;
}

/** @returns `, in use by process 4711`, or nothing */
async function describeHolder(path: string): Promise<string> {
  try {
    const { findHolder } = await import("../../database/lock.ts");
    const holder = findHolder(path);
    return holder === undefined ? "" : `, in use by process ${holder.pid} since ${holder.held_since}`;
  } catch {
    // Without the addon of SQLite the lock cannot be read; another check says so.
    return "";
  }
}

/** The folder, or the nearest one above it that exists. */
function firstExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : firstExisting(dirname(folder));
}
