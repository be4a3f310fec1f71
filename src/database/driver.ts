import { isSea } from "node:sea";
import SqliteConnection from "better-sqlite3";
import type { Database as Connection, Options } from "better-sqlite3";
import { ConfigurationError } from "../core/errors.ts";
import { loadAddon } from "./addon.ts";

/** The Node-API that the addon needs: with an older one the process crashes without a word. */
const MINIMUM_NODE_API = 10;

/**
 * For programs that import the package; the command checks it before it loads anything (`bin/opik-local.mjs`).
 * @throws ConfigurationError on a Node that is too old
 */
export function refuseOldNode({ node, napi }: { node: string; napi?: string | undefined }): void {
  if (Number(napi ?? 0) >= MINIMUM_NODE_API) return;
  throw new ConfigurationError(
    `opik-local needs Node.js 22.14.0 or later with Node-API ${MINIMUM_NODE_API}, but this is Node.js ${node} with ` +
      `Node-API ${napi ?? 0}: install a newer Node.js.`,
  );
}

/**
 * Opens a connection of SQLite. Every connection is opened here, because the single executable has no file beside it
 * from which better-sqlite3 could load its addon.
 * @param file a path, `:memory:`, or the bytes of a database
 * @throws ConfigurationError on a Node that is too old
 */
export function connect(file: string | Buffer, options: Options = {}): Connection {
  refuseOldNode(process.versions);
  if (!isSea()) return new SqliteConnection(file, options);
  // The types know only the path of an addon; the addon itself is accepted, too.
  return new SqliteConnection(file, { ...options, nativeBinding: loadAddon() as never });
}
