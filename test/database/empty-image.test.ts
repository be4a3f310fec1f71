import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteConnection from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { writeEmptyImage } from "../../src/build/empty-image.ts";
import { EMPTY_IMAGE, makeDatabaseFile, makeEmptyImage } from "../../src/database/empty-image.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { NewFiles } from "../../src/database/new-files.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-image-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The version, the schema and all rows of a database, and whether it is intact. */
function contentOf(database: string | Buffer): object {
  const sqlite = new SqliteConnection(database);
  onTestFinished(() => void sqlite.close());
  const schema = sqlite.prepare<[], { type: string; name: string }>(
    "SELECT type, name, tbl_name, sql FROM sqlite_master",
  );
  const tables = schema.all().filter(({ type }) => type === "table");
  return {
    version: sqlite.pragma("user_version", { simple: true }),
    integrity: sqlite.pragma("integrity_check", { simple: true }),
    schema: schema.all(),
    rows: Object.fromEntries(tables.map(({ name }) => [name, sqlite.prepare(`SELECT * FROM "${name}"`).all()])),
  };
}

/** What the migrations make of an empty file. */
function migratedContent(): object {
  const path = join(temporaryFolder(), "migrated.db");
  const sqlite = new SqliteConnection(path);
  migrate(sqlite, readMigrations());
  sqlite.close();
  return contentOf(path);
}

test("the image has the schema and the rows that the migrations make", () => {
  expect(contentOf(makeEmptyImage())).toEqual(migratedContent());
});

test("a new file has the schema and the rows that the migrations make, and a write-ahead log", () => {
  const path = join(temporaryFolder(), "new.db");
  makeDatabaseFile(path, [], new NewFiles());
  expect(contentOf(path)).toEqual(migratedContent());
  const sqlite = new SqliteConnection(path);
  onTestFinished(() => void sqlite.close());
  expect(sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a file that is there stays as it is", () => {
  const path = join(temporaryFolder(), "existing.db");
  writeFileSync(path, "");
  makeDatabaseFile(path, [], new NewFiles());
  expect(statSync(path).size).toBe(0);
});

test("what a killed start has left unfinished is replaced", () => {
  const path = join(temporaryFolder(), "new.db");
  writeFileSync(`${path}-new`, "half of an image");
  makeDatabaseFile(path, [], new NewFiles());
  expect(contentOf(path)).toEqual(migratedContent());
  expect(existsSync(`${path}-new`)).toBe(false);
});

test("the build writes the image that the sources make", () => {
  const folder = temporaryFolder();
  expect(writeEmptyImage(join(folder, "migrations"))).toBe(join(folder, "migrations", EMPTY_IMAGE));
  expect(contentOf(readFileSync(join(folder, "migrations", EMPTY_IMAGE)))).toEqual(migratedContent());
});
