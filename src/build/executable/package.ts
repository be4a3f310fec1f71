import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { main } from "../../cli/index.ts";
import { SystemClock } from "../../core/clock.ts";
import { KeptCaches } from "./kept-caches.ts";
import { ProgramModules } from "./modules.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** The file of the command line (see `build/package.ts`). */
const PROGRAM = "cli.cjs";

/** The commands that start a server: each uses other functions of the same files than the commands that call one. */
const SERVERS: ReadonlySet<string | undefined> = new Set(["dev", "exec"]);

/** Later, V8 drops the code of functions that only a start needs. */
const KEEP_AFTER_MS = 2_000;

/**
 * Loads the command line of the package with V8's code caches (see `ProgramModules`).
 * @param command the one that will run
 * @param cacheFolder where Node keeps its own caches; `undefined` when it keeps none
 */
export function loadProgram(command: string | undefined, cacheFolder: string | undefined): { main: typeof main } {
  const group = SERVERS.has(command) ? String(command) : "client";
  const caches = cacheFolder === undefined ? undefined : new KeptCaches(join(cacheFolder, "opik-local", group));
  const modules = new ProgramModules({
    folder: FOLDER,
    code: (name) => readFileSync(join(FOLDER, name)),
    cache: (name, code) => caches?.read(name, code),
    require: createRequire(join(FOLDER, PROGRAM)),
  });
  let isKept = false;
  const keep = (): void => {
    if (!isKept) caches?.keep(modules.scripts);
    isKept = true;
  };
  new SystemClock().schedule(KEEP_AFTER_MS, keep);
  process.once("exit", keep);
  return modules.load(PROGRAM) as { main: typeof main };
}
