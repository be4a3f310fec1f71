import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CACHE_SUFFIX, PROGRAM, PROGRAM_FOLDER, ProgramModules } from "./modules.ts";

/*
 * A process that runs the program of an executable from the files that the executable will have inside, and writes V8's
 * code caches. Its first message says what to run; the others are `CacheMessage`.
 */

/** The first message. */
export interface CacheRequest {
  /** The assets of the executable: paths by names. */
  assets: Readonly<Record<string, string>>;
  /** The arguments of the program. */
  arguments: readonly string[];
  /** The folder for the caches. */
  folder: string;
}

/** `loaded` is answered with the names of the files that were loaded; `write` once their caches are written. */
export type CacheMessage = "loaded" | "write";

process.once("message", (request: CacheRequest) => {
  const read = (name: string): Buffer => readFileSync(pathOf(request.assets, name));
  const modules = new ProgramModules({
    folder: dirname(process.execPath),
    code: (name) => read(PROGRAM_FOLDER + name),
    cache: () => undefined,
    require: (name) => (name === "node:sea" ? insides(request.assets) : process.getBuiltinModule(name)),
  });
  process.argv.splice(2, process.argv.length, ...request.arguments);
  process.on("message", (message: CacheMessage) => {
    if (message === "loaded") {
      process.send?.([...modules.scripts.keys()]);
      return;
    }
    mkdirSync(request.folder, { recursive: true });
    for (const [name, script] of modules.scripts) {
      writeFileSync(join(request.folder, name + CACHE_SUFFIX), script.createCachedData());
    }
    process.send?.("written");
  });
  // A program that does not serve ends.
  process.channel?.unref();
  (modules.load(PROGRAM) as { run(): void }).run();
});

function pathOf(assets: CacheRequest["assets"], name: string): string {
  const path = assets[name];
  if (path === undefined) throw new Error(`The executable has no ${name} inside`);
  return path;
}

/** What `node:sea` is in the executable, with assets from the disk. */
function insides(assets: CacheRequest["assets"]): object {
  return {
    isSea: () => true,
    getAssetKeys: () => Object.keys(assets),
    getRawAsset: (name: string) => Uint8Array.from(readFileSync(pathOf(assets, name))).buffer,
    getAsset: (name: string, encoding?: BufferEncoding) => {
      const bytes = readFileSync(pathOf(assets, name));
      return encoding === undefined ? Uint8Array.from(bytes).buffer : bytes.toString(encoding);
    },
  };
}
