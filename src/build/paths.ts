import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where the package is built. */
export const DIST = join(ROOT, "dist");

const SUFFIX = process.platform === "win32" ? ".exe" : "";

/** The single executable of this platform. */
export const EXECUTABLE = join(DIST, "bin", `opik-local-${process.platform}-${process.arch}${SUFFIX}`);
