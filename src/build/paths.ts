import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The projects of `opik-local recipe`. */
export const RECIPES = join(ROOT, "fixtures", "ci");

/** Where the package is built. */
export const DIST = join(ROOT, "dist");

const SUFFIX = process.platform === "win32" ? ".exe" : "";

/** The single executable of this platform. */
export const EXECUTABLE = join(DIST, "bin", `opik-local-${process.platform}-${process.arch}${SUFFIX}`);

/** The SQLite addon of this platform. */
export const ADDON = join(ROOT, "node_modules", "better-sqlite3", "prebuilds", `${system()}-${process.arch}.node`);

/** The name of this system as better-sqlite3 names its addons: of Linux there are two, by their C library. */
function system(): string {
  if (process.platform !== "linux") return process.platform;
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport();
  return report.header?.glibcVersionRuntime === undefined ? "linuxmusl" : "linux";
}

/** The modules of `yaml` for browsers: those for Node are evaluated as a whole, also for a program that reads no YAML. */
export const YAML = join(ROOT, "node_modules", "yaml", "browser", "dist", "index.js");
