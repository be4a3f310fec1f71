import { isSea } from "node:sea";
import SqliteConnection from "better-sqlite3";
import type { Database as Connection, Options } from "better-sqlite3";
import { loadAddon } from "./addon.ts";

/**
 * Opens a connection of SQLite. Every connection is opened here, because the single executable has no file beside it
 * from which better-sqlite3 could load its addon.
 * @param file a path, `:memory:`, or the bytes of a database
 */
export function connect(file: string | Buffer, options: Options = {}): Connection {
  if (!isSea()) return new SqliteConnection(file, options);
  // The types know only the path of an addon; the addon itself is accepted, too.
  return new SqliteConnection(file, { ...options, nativeBinding: loadAddon() as never });
}
