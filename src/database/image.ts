import type { Database as SqliteConnection } from "better-sqlite3";
import { connect } from "./driver.ts";

/** Where the header of a database says how it is written and read, and the value for a rollback journal. */
const JOURNAL_BYTES = [18, 20] as const;
const ROLLBACK_JOURNAL = 1;

/** All rows of a database as bytes, for `copyImage`. */
export function toImage(sqlite: SqliteConnection): Buffer {
  const image = sqlite.serialize();
  // The header of a file with a write-ahead log says so, and SQLite opens no such database from bytes.
  image.fill(ROLLBACK_JOURNAL, ...JOURNAL_BYTES);
  return image;
}

/**
 * Copies the rows of an image of this version, within the open transaction.
 * @param tables which are copied; they are empty
 */
export function copyImage(sqlite: SqliteConnection, image: Buffer, tables: readonly string[]): void {
  const source = connect(image);
  try {
    // Rows are copied before those that they belong to. The pragma makes SQLite prepare all statements anew.
    sqlite.pragma("defer_foreign_keys = ON");
    // Triggers would count the copied rows, and the counts are copied as well.
    const triggers = dropTriggers(sqlite);
    for (const table of tables) copyTable(sqlite, source, table);
    for (const sql of triggers) sqlite.exec(sql);
  } finally {
    source.close();
  }
}

/** @returns the statements that create them again */
function dropTriggers(sqlite: SqliteConnection): string[] {
  const triggers = sqlite
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) sqlite.exec(`DROP TRIGGER "${name}"`);
  return triggers.map(({ sql }) => sql);
}

/** Copies the rows of an empty table. Integers are read as such, so that none loses its last digits. */
function copyTable(sqlite: SqliteConnection, source: SqliteConnection, table: string): void {
  const columns = source.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
  const names = columns.map((column) => `"${column}"`).join(", ");
  const insert = sqlite.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => "?").join(", ")})`);
  const rows = source.prepare<[], unknown[]>(`SELECT ${names} FROM "${table}"`).raw().safeIntegers();
  for (const row of rows.iterate()) insert.run(...row);
}
