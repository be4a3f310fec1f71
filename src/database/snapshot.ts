import type { Database as Connection } from "better-sqlite3";
import { connect } from "./driver.ts";

/**
 * Opens a database as it is now: what is written to it later is not seen. Of a file this is a second connection that
 * reads in one transaction; a database in memory is copied, which takes as much memory once more.
 * @param sqlite outside of a transaction
 */
export function openSnapshot(sqlite: Connection): Connection {
  const snapshot = sqlite.memory ? connect(sqlite.serialize()) : connect(sqlite.name, { readonly: true, timeout: 0 });
  try {
    snapshot.exec("BEGIN");
    // The transaction begins with the first thing that is read.
    snapshot.prepare("SELECT 1 FROM sqlite_master").get();
  } catch (error) {
    snapshot.close();
    throw error;
  }
  return snapshot;
}
