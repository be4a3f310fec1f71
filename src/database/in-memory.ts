import type { Database as Connection } from "better-sqlite3";
import { connect } from "./driver.ts";
import { migrate, readMigrations } from "./migrate.ts";

/** An empty database with the newest schema, as bytes: made by the first server in memory, and never changed. */
let emptyImage: Buffer | undefined;

/**
 * Opens a database in memory that has the newest schema. The migrations take longer than the rest of a start, so only
 * the first server of a process runs them: every other one gets a copy of their result. SQLite limits such a copy to 1
 * GiB.
 */
export function openInMemory(): Connection {
  emptyImage ??= makeEmptyImage();
  return connect(emptyImage);
}

function makeEmptyImage(): Buffer {
  const sqlite = connect(":memory:");
  try {
    migrate(sqlite, readMigrations());
    return sqlite.serialize();
  } finally {
    sqlite.close();
  }
}
