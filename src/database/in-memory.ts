import type { Database as Connection } from "better-sqlite3";
import { connect } from "./driver.ts";
import { readEmptyImage } from "./empty-image.ts";

/** The content of a new database; never changed. */
let emptyImage: Buffer | undefined;

/** Opens a database in memory that has the newest schema. SQLite limits it to 1 GiB. */
export function openInMemory(): Connection {
  emptyImage ??= readEmptyImage();
  return connect(emptyImage);
}
