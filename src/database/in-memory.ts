import type { Database as Connection } from "better-sqlite3";
import { connect } from "./driver.ts";
import { readEmptyImage } from "./empty-image.ts";
import { PreparedStatements } from "./prepared-statements.ts";

/** A connection to a database in memory, with the statements that it has prepared. */
export interface MemoryConnection {
  sqlite: Connection;
  statements: PreparedStatements;
  /** What it was like when it was opened. */
  state: string;
  /** Whether it may have rows of the database that was closed last. */
  isUsed: boolean;
}

/** As many connections are kept at most. */
const MAX_KEPT = 4;

/** The size, in bytes, from which the memory of a database is freed when it closes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The content of a new database; never changed. */
let emptyImage: Buffer | undefined;

/** Connections of databases that were closed. */
const kept: MemoryConnection[] = [];

/**
 * Opens a database in memory that has the newest schema. SQLite limits it to 1 GiB. Tests start many servers one after
 * another, so it may be the connection of a database that was closed, whose rows the caller has to delete.
 */
export function openInMemory(): MemoryConnection {
  const known = kept.pop();
  if (known !== undefined) return known;
  emptyImage ??= readEmptyImage();
  const sqlite = connect(emptyImage);
  sqlite.pragma("foreign_keys = ON");
  const statements = new PreparedStatements(sqlite, true);
  return { sqlite, statements, state: stateOf(sqlite), isUsed: false };
}

/** Closes a database in memory. Its connection is kept when it is as good as a new one. */
export function closeInMemory(connection: MemoryConnection): void {
  if (isReusable(connection)) kept.push({ ...connection, isUsed: true });
  else connection.sqlite.close();
}

function isReusable({ sqlite, statements, state }: MemoryConnection): boolean {
  if (kept.length >= MAX_KEPT || !sqlite.open || sqlite.inTransaction) return false;
  const isSmall = numberOf(sqlite, "page_count") * numberOf(sqlite, "page_size") <= MAX_BYTES;
  return isSmall && stateOf(sqlite) === state && statements.takeBack();
}

/** The version of the schema, which each change of it changes, and what limits writes. */
function stateOf(sqlite: Connection): string {
  return ["schema_version", "query_only", "max_page_count"].map((name) => numberOf(sqlite, name)).join(" ");
}

function numberOf(sqlite: Connection, pragma: string): number {
  return Number(sqlite.pragma(pragma, { simple: true }));
}
