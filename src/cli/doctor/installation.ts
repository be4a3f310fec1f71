import { VERSION } from "../../version.ts";
import { type Check, ok, problem } from "./check.ts";

/** Node and opik-local. A Node that is too old is refused before any command runs (`bin/opik-local.mjs`). */
export function checkNode(): Check {
  const { node, napi } = process.versions;
  return ok(
    "node",
    `Node.js ${node} with Node-API ${napi} on ${process.platform} ${process.arch}, opik-local ${VERSION}`,
  );
}

/** The addon of SQLite: whether it loads and works. */
export async function checkAddon(): Promise<Check> {
  try {
    const { connect } = await import("../../database/driver.ts");
    const sqlite = connect(":memory:");
    const version = sqlite.prepare<[], string>("SELECT sqlite_version()").pluck().get();
    sqlite.close();
    return ok("addon", `better-sqlite3 loads, with SQLite ${version}`);
  } catch (error) {
    return problem(
      "addon",
      `better-sqlite3 cannot be loaded: ${firstLine(error)}`,
      `Delete node_modules and install again: better-sqlite3 13.2 brings its addon for ${process.platform} ${process.arch} in its package.`,
    );
  }
}

function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}
