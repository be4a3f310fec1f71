import { readFileSync } from "node:fs";
import { createRequire, flushCompileCache } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { main } from "../../cli/index.ts";
import { SystemClock } from "../../core/clock.ts";
import { AFTER_START_MS, keepYoungGenerationSize } from "../../core/young-generation.ts";
import { KeptCaches } from "./kept-caches.ts";
import { ProgramModules } from "./modules.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** The file of the command line (see `build/package.ts`). */
const PROGRAM = "cli.cjs";

/** The commands that start a server: each uses other functions of the same files than the commands that call one. */
const SERVERS: ReadonlySet<string | undefined> = new Set(["dev", "exec"]);

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
  new SystemClock().schedule(AFTER_START_MS, () => {
    keep();
    // At the exit Node would write caches that its next process cannot use.
    flushCompileCache();
    keepYoungGenerationSize();
  });
  process.once("exit", keep);
  return modules.load(PROGRAM) as { main: typeof main };
}
