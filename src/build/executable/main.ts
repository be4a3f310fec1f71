import { dirname } from "node:path";
import { getRawAsset } from "node:sea";
import { SystemClock } from "../../core/clock.ts";
import { AFTER_START_MS, keepYoungGenerationSize } from "../../core/young-generation.ts";
import { CACHE_SUFFIX, PROGRAM, PROGRAM_FOLDER, ProgramModules } from "./modules.ts";

/** What Node starts in the single executable: it loads the program from the assets. */
const asset = (name: string): Buffer => Buffer.from(getRawAsset(PROGRAM_FOLDER + name));

const modules = new ProgramModules({
  folder: dirname(process.execPath),
  code: asset,
  cache: (name) => {
    try {
      return asset(name + CACHE_SUFFIX);
    } catch {
      // A file that a start does not load has none.
      return undefined;
    }
  },
  require: (name) => process.getBuiltinModule(name),
});
(modules.load(PROGRAM) as { run(): void }).run();
new SystemClock().schedule(AFTER_START_MS, keepYoungGenerationSize);
