import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** The folder of the program's files among the assets of the executable, and the file that is loaded first. */
export const PROGRAM_FOLDER = "program/";
export const PROGRAM = "program.cjs";

/** The end of the name of a file's code cache. */
export const CACHE_SUFFIX = ".cache";

/** What a program needs to be loaded. */
export interface ProgramSource {
  /** The code of a file; its characters are all ASCII. */
  code(name: string): Buffer;
  /** V8's code cache of a file, if it has one. */
  cache(name: string): Buffer | undefined;
  /** Loads one of Node's modules. */
  builtin(name: string): unknown;
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
 * Loads the CommonJS files of the program of the single executable. Node loads only one file from an executable, which
 * then has to contain every library, and the code cache that it makes has only functions that are compiled when the
 * file is loaded. This loads a file when it is needed, with a cache of the functions that a start has used.
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
    const folder = dirname(process.execPath);
    this.#compile(name)(module.exports, this.#require, module, join(folder, name), folder);
    return module.exports;
  }

  readonly #require = (name: string): unknown =>
    name.startsWith("./") ? this.load(name.slice("./".length)) : this.#source.builtin(name);

  #compile(name: string): Wrapper {
    const code = this.#source.code(name).toString("latin1");
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
      filename: name,
      cachedData: this.#source.cache(name),
    });
    this.scripts.set(name, script);
    return script.runInThisContext() as Wrapper;
  }
}
