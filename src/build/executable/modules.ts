import { join } from "node:path";
import { Script } from "node:vm";
import { LATE_FILES } from "../late-files.ts";
import { lateModule } from "./late-module.ts";

/** The folder of the program's files among the assets of the executable, and the file that is loaded first. */
export const PROGRAM_FOLDER = "program/";
export const PROGRAM = "program.cjs";

/** The end of the name of a file's code cache. */
export const CACHE_SUFFIX = ".cache";

/** What is loaded with its first use: also modules of Node that take a tenth of a start, with what they load in turn. */
const LATE_MODULES: ReadonlySet<string> = new Set([
  ...Object.keys(LATE_FILES).map((name) => `./${name}.cjs`),
  "node:child_process",
  "node:crypto",
  "node:fs/promises",
  "node:perf_hooks",
  "node:worker_threads",
]);

/** What a program needs to be loaded. */
export interface ProgramSource {
  /** The folder in which its files are, or seem to be. */
  folder: string;
  /** The code of a file; its characters are all ASCII. */
  code(name: string): Buffer;
  /** V8's code cache of a file with this code, if there is one. */
  cache(name: string, code: Buffer): Buffer | undefined;
  /** Loads what is none of its files: Node's modules and libraries. */
  require(name: string): unknown;
}

interface Exports {
  exports: unknown;
}

type Wrapper = (
  exports: unknown,
  require: (name: string) => unknown,
  module: Exports,
  file: string,
  folder: string,
) => void;

/**
 * Loads the CommonJS files of a program with V8's code caches. The caches that Node makes by itself have only functions
 * that are compiled when a file is loaded; these have those that a start has used, too. In the single executable Node
 * loads one file, which would have to contain every library; this loads a file when it is needed.
 */
export class ProgramModules {
  /** Each file that was loaded, with its compiled code. */
  readonly scripts = new Map<string, Script>();
  readonly #modules = new Map<string, Exports>();
  readonly #source: ProgramSource;

  constructor(source: ProgramSource) {
    this.#source = source;
  }

  /** Loads a file and what it requires. @returns its exports */
  load(name: string): unknown {
    const loaded = this.#modules.get(name);
    if (loaded !== undefined) return loaded.exports;
    const module: Exports = { exports: {} };
    this.#modules.set(name, module);
    const { folder } = this.#source;
    this.#compile(name)(module.exports, this.#require, module, join(folder, name), folder);
    return module.exports;
  }

  readonly #require = (name: string): unknown => {
    const load = (): unknown =>
      name.startsWith("./") ? this.load(name.slice("./".length)) : this.#source.require(name);
    return LATE_MODULES.has(name) ? lateModule(load as () => object) : load();
  };

  #compile(name: string): Wrapper {
    const code = this.#source.code(name);
    const text = `(function (exports, require, module, __filename, __dirname) {${code.toString("latin1")}\n})`;
    const script = new Script(text, {
      filename: join(this.#source.folder, name),
      cachedData: this.#source.cache(name, code),
    });
    this.scripts.set(name, script);
    return script.runInThisContext() as Wrapper;
  }
}
