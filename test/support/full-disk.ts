import type { Database } from "../../src/database/database.ts";

/**
 * Makes a database full, as on a full disk.
 * @param pages how many it may still take; default none
 */
export function fillDisk(database: Database, pages = 0): void {
  // In memory it may be the connection of an earlier server, with pages that are free.
  database.prepare("VACUUM").run();
  const taken = database.prepare<[], number>("PRAGMA page_count").pluck().get() ?? 0;
  database.prepare(`PRAGMA max_page_count = ${taken + pages}`).get();
}

/** Makes space again. */
export function freeDisk(database: Database): void {
  database.prepare("PRAGMA max_page_count = 1000000").get();
}
